"""Graph algorithms over stated links, where a query cannot say the question.

Nothing is imported here: ``questions`` is light, and the modules that need networkx are loaded by what uses them.
"""
