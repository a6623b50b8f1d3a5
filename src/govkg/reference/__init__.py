"""Reference data: the tables under `data/reference`, and their mapping to RDF."""
