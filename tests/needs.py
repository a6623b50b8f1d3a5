"""What some tests need that a bare machine lacks, each with the one reason for which tests skip.

A test marked `needs(NGINX)` is skipped without nginx, and fails where the variable of that need is
set, as it is in CI. No other test may skip for what a machine lacks: `tools/skips.py` compares.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from tools.remote import oxigraph, virtuoso

from govkg import documents, layout

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SHARED = Path(os.environ.get("GOVKG_SHARED", layout.ROOT.parent / "shared"))
SUITES = SHARED / "suites"
JARS = [
    Path("/usr/share/java") / f"{name}.jar"
    for name in (
        "owlapi-distribution", "rdf4j-model", "rdf4j-model-api", "rdf4j-model-vocabulary",
        "rdf4j-rio-api", "rdf4j-rio-ntriples", "rdf4j-rio-turtle", "rdf4j-util", "caffeine",
        "commons-io", "commons-rdf-api", "guava", "hppcrt", "jsr305", "atinject-jsr330-api",
        "slf4j-api", "slf4j-nop", "xz",
    )
]  # fmt: skip


class Need(NamedTuple):
    """Something that a test asks a machine for."""

    flag: str  # the variable that forbids to do without
    reason: str
    found: Callable[[], bool]

    def demand(self) -> None:
        """Skip the running test where this is not there, or fail it where the flag is set."""
        if self.found():
            return
        if os.environ.get(self.flag):
            pytest.fail(f"{self.reason} ({self.flag} is set)")
        pytest.skip(self.reason)


# Servers, programs of other makers, the wheel, the site, kits of CI.
SLOW_MODULES = {
    "test_attacks", "test_ci_kits", "test_clients", "test_cookbooks", "test_owl", "test_package",
    "test_protocol_w3c", "test_proxy", "test_readers", "test_reconciliation", "test_remote",
    "test_server", "test_site", "test_tutorial",
}  # fmt: skip


def is_slow(item: pytest.Item) -> bool:
    """Say whether a test is left to `make check-slow`: what starts servers, Node, R, Java, or long.

    It is told by the module, the fixture `readers`, a need of a program or the marker `long`.
    """
    asked = {need for mark in item.iter_markers("needs") for need in mark.args}
    return (
        item.path.stem in SLOW_MODULES
        or "readers" in getattr(item, "fixturenames", ())
        or item.get_closest_marker("long") is not None
        or not asked.isdisjoint({NGINX, NODE, R, OWL_API, REGISTRIES, *SERVERS.values()})
    )


def cases(found: Sequence[Any], width: int = 1) -> Sequence[Any]:
    """Give the cases of a suite, or one that stands for all where the suite is not there."""
    return found or [pytest.param(*[None] * width, id="not-there")]


def _on_path(program: str) -> Callable[[], bool]:
    return lambda: shutil.which(program) is not None


GIT = Need("GOVKG_REQUIRE_GIT", "git is not on the path: apt-get install git", _on_path("git"))
NGINX = Need(
    "GOVKG_REQUIRE_SERVERS",
    "nginx is not on the path: apt-get install nginx-light (Debian has it in /usr/sbin)",
    _on_path("nginx"),
)
SERVERS = {
    "oxigraph": Need(
        "GOVKG_REQUIRE_SERVERS",
        "oxigraph is not there: pip install oxigraph",
        lambda: oxigraph.binary() is not None,
    ),
    "virtuoso": Need(
        "GOVKG_REQUIRE_SERVERS",
        "Virtuoso is not on the path: apt-get install virtuoso-opensource",
        lambda: virtuoso.binary() is not None,
    ),
}
NODE = Need(
    "GOVKG_REQUIRE_NODE",
    "npm is not on the path: apt-get install npm",
    _on_path("npm"),
)
R = Need(
    "GOVKG_REQUIRE_R",
    "R is not on the path: apt-get install r-base-core r-cran-igraph",
    _on_path("Rscript"),
)
OWL_API = Need(
    "GOVKG_REQUIRE_OWL",
    "javac or the OWL API is not there: apt-get install libowlapi-java default-jdk-headless",
    lambda: shutil.which("javac") is not None and all(jar.is_file() for jar in JARS),
)
SHACL_SUITE = Need(
    "GOVKG_REQUIRE_SUITES",
    "the W3C SHACL suite is not there: docs/how-to/testing.md says where to get it",
    (SUITES / "shacl" / "manifest.ttl").is_file,
)
PROTOCOL_SUITE = Need(
    "GOVKG_REQUIRE_SUITES",
    "the W3C suite of SPARQL protocol is not there: docs/how-to/testing.md says where to get it",
    (SUITES / "sparql-protocol" / "manifest.ttl").is_file,
)
GEXF_SCHEMA = Need(
    "GOVKG_REQUIRE_SUITES",
    "the schema of GEXF 1.3 is not there: docs/how-to/testing.md says where to get it",
    (SUITES / "gexf" / "gexf.xsd").is_file,
)
ARTICLE = Need(
    "GOVKG_REQUIRE_TEXTS",
    "the text of the article is not there: set GOVKG_SOURCE to its file",
    lambda: documents.find_source(documents.document("usm2013")) is not None,
)
ORACLE = Need(
    "GOVKG_REQUIRE_ORACLES",
    "the independent table of divisions is not there: docs/how-to/testing.md says where to get it",
    (SHARED / "oracles" / "areacodes.csv").is_file,
)
REGISTRIES = Need(
    "GOVKG_NETWORK",
    "the package registries may not be asked: set GOVKG_NETWORK=1",
    lambda: bool(os.environ.get("GOVKG_NETWORK")),
)
