"""Official totals: a few national figures as published, each an observation with its source."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

from govkg import textfile
from govkg.namespaces import PREFIXES, reference_graph

if TYPE_CHECKING:
    from pathlib import Path

NAME = "official-totals"
GRAPH_IRI = reference_graph(NAME)
_USED = ("comparator", "dct", "edtf", "gov", "measure", "obs", "quality", "rdfs", "territory")
_PREFIXES = "".join(f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in (*_USED, "unit"))
_UNITS = {
    "resident-committees": "committee",
    "social-organizations": "social-organization",
    "villager-committees": "committee",
}


def files() -> list[Path]:
    """List the files of the dataset: its description and its table."""
    from govkg.reference.datasets import dataset

    return dataset(NAME).files()


def as_turtle() -> str:
    """Write the dataset and its totals as Turtle; raise SourceError where a file can't be read."""
    from govkg.reference.datasets import dataset

    facts = dataset(NAME).about
    titles = " , ".join(f"{json.dumps(t, ensure_ascii=False)}@{g}" for g, t in facts.title.items())
    described = (
        f"<{GRAPH_IRI}> dct:title {titles} ; rdfs:label {titles} ;\n"
        f"  dct:license {json.dumps(facts.license.notice, ensure_ascii=False)}@en .\n"
    )
    rows = csv.DictReader(textfile.read(files()[1]).splitlines())
    return "\n".join([_PREFIXES, described, *(_observation(row) for row in rows)])


def _observation(row: dict[str, str]) -> str:
    measure, rounded = row["measure"], row["rounded"] == "true"
    return (
        f"obs:official-{measure}-{row['year']} a gov:Observation ;\n"
        f'  gov:when "{row["year"]}"^^edtf:EDTF ; gov:measure measure:{measure} ;\n'
        f"  gov:observes territory:china ; gov:statedValue {row['value']}.0 ;\n"
        f"  gov:unit unit:{_UNITS[measure]} ; gov:quality quality:ok ;\n"
        f"{'  gov:comparator comparator:about ;' if rounded else ''}\n"
        f"  dct:source <{row['source_url']}> ;\n"
        f"  dct:bibliographicCitation {json.dumps(row['source_title'], ensure_ascii=False)} .\n"
    )
