"""The graph and other vocabularies: resolving, annotating, mappings, hierarchies of other ontologies, and ageing."""
