"""GraphML, by networkx."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govkg.networks import to_networkx

if TYPE_CHECKING:
    from typing import BinaryIO

    from govkg.exports import Style
    from govkg.networks import Network


def write(network: Network, out: BinaryIO, _style: Style) -> None:
    """Write a network as GraphML, UTF-8."""
    import networkx as nx

    text = "\n".join(nx.generate_graphml(to_networkx(network), named_key_ids=True))
    out.write(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode())
