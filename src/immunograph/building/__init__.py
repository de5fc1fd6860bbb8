"""Turtle → a built graph: what to build (``plan``), loading, validating, inferring, and the pipeline that joins them.

The plan and the questions of what is built are light; the other modules load engines and are imported when needed.
"""
