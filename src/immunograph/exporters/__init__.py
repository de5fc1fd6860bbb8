"""Graph → file or engine: one stream, and one module a format."""
