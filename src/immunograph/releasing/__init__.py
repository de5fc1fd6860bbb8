"""Releases: dated folders that hold all there is of a graph, and what changed between two of them."""
