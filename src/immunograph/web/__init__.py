"""The web face: a SPARQL endpoint, a JSON interface, and pages to explore the graph with."""
