"""Measures of hierarchies and networks, with the rows and figures that they give.

Nothing here knows RDF: functions take a `Hierarchy`, a networkx graph, a polars frame or plain
rows. `kg.analyze` asks the graph for what they need; `govkg analyze` prints what they find.
"""
