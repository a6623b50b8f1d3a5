"""SPARQL servers that are not ours, loaded with the dump: for tests, and for whoever tries them."""
