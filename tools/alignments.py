"""Write the Turtle of the alignments from their tables in SSSOM, when a mapping changed.

python tools/alignments.py
"""

from __future__ import annotations

import csv
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import yaml

FOLDER = Path(__file__).parents[1] / "ontology" / "alignments"
TABLE = ".sssom.tsv"
FIXED = {
    "dct": "http://purl.org/dc/terms/",
    "owl": "http://www.w3.org/2002/07/owl#",
}


class Table(NamedTuple):
    """What a table says of the whole set, and its rows by the names of the columns."""

    about: dict[str, Any]
    rows: list[dict[str, str]]


def read(path: Path) -> Table:
    """Read a table: a head of YAML in lines that begin with `#`, then tab-separated columns.

    https://mapping-commons.github.io/sssom/1.0/spec-formats-tsv/
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    head = [line.removeprefix("#") for line in lines if line.startswith("#")]
    body = [line for line in lines if not line.startswith("#")]
    rows = csv.DictReader(body, delimiter="\t", quoting=csv.QUOTE_NONE, strict=True)
    return Table(yaml.safe_load("\n".join(head)), list(rows))


def turtle(table: Table) -> str:
    """Put the mappings, and what identifies their set, into Turtle."""
    about = table.about
    prefixes = {k: v for k, v in {**about["curie_map"], **FIXED}.items() if k != "semapv"}
    lines = [f"@prefix {prefix}: <{iri}> ." for prefix, iri in sorted(prefixes.items())]
    return "\n\n".join(["\n".join(lines), _header(about), *_blocks(table.rows)]) + "\n"


def _name(about: dict[str, Any]) -> str:
    return str(about["mapping_set_id"]).rsplit("/", 1)[1]


def _header(about: dict[str, Any]) -> str:
    return f"""# Written by tools/alignments.py from {_name(about)}{TABLE}: change the table.
<{about["mapping_set_id"]}> a owl:Ontology ;
  dct:title "{about["ext_title_zh"]}"@zh , "{about["mapping_set_title"]}"@en ;
  dct:description "{about["ext_description_zh"]}"@zh , "{about["mapping_set_description"]}"@en ;
  dct:license <{about["license"]}> ;
  dct:source {" , ".join(f"<{iri}>" for iri in about["see_also"])} ;
  owl:imports <{about["subject_source"]}> ."""


def _blocks(rows: list[dict[str, str]]) -> list[str]:
    made = []
    for subject, mappings in groupby(rows, lambda row: row["subject_id"]):
        parts = [
            f"{predicate} {' , '.join(row['object_id'] for row in same)}"
            for predicate, same in groupby(mappings, lambda row: row["predicate_id"])
        ]
        made.append(f"{subject} " + " ;\n  ".join(parts) + " .")
    return made


def main() -> None:
    """Write the Turtle of each table beside it."""
    for path in sorted(FOLDER.glob(f"*{TABLE}")):
        target = path.with_name(path.name.removesuffix(TABLE) + ".ttl")
        target.write_text(turtle(read(path)), encoding="utf-8")


if __name__ == "__main__":
    main()
