"""Pages of the documentation site that are made from the code, the ontology and the data."""
