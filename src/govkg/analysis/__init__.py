"""Measures of hierarchies and networks, and their figures.

Nothing here knows RDF: functions take a `Forest`, a networkx graph, a polars frame or plain rows,
and give frozen rows or frames. `govkg analyze` brings both together.
"""
