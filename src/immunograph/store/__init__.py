"""The only room that knows the RDF engine."""
