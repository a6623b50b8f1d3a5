"""All IRIs: prefixes, graphs, and the way between full and prefixed names."""

from __future__ import annotations

from govkg import layout

BASE = "https://w3id.org/govkg/"
ONTOLOGY = BASE + "ontology"
GOV = ONTOLOGY + "#"
GENID = BASE + ".well-known/genid/"

_SCHEMES = sorted(path.stem for path in layout.ONTOLOGY.glob("**/codes/*.ttl"))

_IDS = {
    "assess": "assessment",
    "check": "check",
    "claim": "claim",
    "division": "division",
    "dmg": "damage",
    "doc": "document",
    "event": "event",
    "inst": "institution",
    "obs": "observation",
    "post": "post",
    "prop": "proposition",
    "provision": "provision",
    "quantity": "quantity",
    "rel": "relation",
    "rule-of-law": "rule-of-law",
    "territory": "territory",
    "tier": "tier",
    "version": "version",
    "work": "work",
}

PREFIXES: dict[str, str] = {
    "gov": GOV,
    "shape": BASE + "shapes#",
    "graph": BASE + "graph/",
    **{scheme: f"{BASE}code/{scheme}/" for scheme in _SCHEMES},
    **{prefix: f"{BASE}id/{name}/" for prefix, name in _IDS.items()},
    "dct": "http://purl.org/dc/terms/",
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

GRAPH = PREFIXES["graph"]
ONTOLOGY_GRAPH = GRAPH + "ontology"
SHAPES_GRAPH = GRAPH + "shapes"
DERIVED_GRAPH = GRAPH + "derived"
SHARED_GRAPH = GRAPH + "shared"
ASSESSMENT_GRAPH = GRAPH + "assessment"
COUNTS_GRAPH = GRAPH + "reference/nbs-series"

# What code asks of the ontology by name.
DIVISION = "gov:AdministrativeDivision"
OBSERVATION = "gov:Observation"
UNDECIDED = "verdict:not-checkable"
SUPERSEDED = "verdict:superseded"
GOVERNMENT_LEVEL = "concept:government"
MANAGEMENT_LEVEL = "concept:management"


def document_graph(key: str) -> str:
    """Name the graph of a document, given its key."""
    return f"{GRAPH}document/{key}"


def reference_graph(dataset: str) -> str:
    """Name the graph of a reference dataset."""
    return f"{GRAPH}reference/{dataset}"


def expand(name: str) -> str:
    """Turn a prefixed name into an IRI; leave anything else as it is."""
    prefix, colon, local = name.partition(":")
    if colon and prefix in PREFIXES and not local.startswith("//"):
        return PREFIXES[prefix] + local
    return name


def local_name(name: str) -> str:
    """Give a prefixed name without its prefix."""
    return name.partition(":")[2]


def local(iri: str) -> str:
    """Give the last part of an IRI, in lower case, without the namespace."""
    bare = iri.rstrip("/#")
    return bare[max(bare.rfind("#"), bare.rfind("/")) + 1 :].lower()


def shorten(iri: str) -> str:
    """Turn an IRI into a prefixed name where a prefix fits; leave anything else as it is."""
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    prefix = _PREFIX_OF.get(iri[:cut])
    return f"{prefix}:{iri[cut:]}" if prefix else iri


_PREFIX_OF = {namespace: prefix for prefix, namespace in PREFIXES.items()}
