"""Networks: a query file gives nodes and edges, networkx takes them.

A network query is one SELECT whose rows are of two sorts. A row with `?node` describes a node; a
row with `?source` and `?target` is an edge, and `?kind` its kind. Every other variable is an
attribute, named as the variable is; `?x_zh` and `?x_en` also give `x` in the language asked for.
Attributes that the header lists under `lists` (else `claims` and `modality`) hold several values,
separated by blanks. With `directed: false` in the header no end of an edge is first.

`kg.network(name, lang=..., **filters)` gives an `nx.MultiDiGraph` (an `nx.MultiGraph` where the
network is undirected: `shared-reforms`) with prefixed names as node ids
(`inst:daqing-social-work-committee`, `division:520100`) and the edge's kind as its key (`Dispatch`,
`Leadership`, `parent`, `CoLocation`...). `graph.name` is the network's name. An attribute is absent
where nothing is known; it is never None or empty.

Nodes: `label` (str, in the language asked for), `label_zh`, `label_en`, `pinyin` (str, no tones),
`kind` (str, local name of the class or a branch: `StreetOffice`, `District`, `problem`), `level`
(int, 0 the nation, 1 province .. 5 village), `code` (str), `territory` (str, prefixed name of the
place a body is of or an event happened in), `begin`, `end` (str, ISO dates, of dated nodes).

Edges: `kind` (str), `tie` (str, the kind in words), `begin`, `end` (str, ISO dates, absent where
open), `weight` (above 0; ties or claims, 1 where the query says nothing), `claims` and `modality`
(str, separated by blanks: `usm2013-s065-1 usm2013-s065-2`).
"""

from __future__ import annotations

from govkg.networks.filters import Filters, apply, sort_out
from govkg.networks.model import Network, from_networkx, to_networkx, to_rustworkx
from govkg.networks.tsv import read, with_pinyin

__all__ = [
    "Filters",
    "Network",
    "apply",
    "from_networkx",
    "read",
    "sort_out",
    "to_networkx",
    "to_rustworkx",
    "with_pinyin",
]
