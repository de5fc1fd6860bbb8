"""A Model Context Protocol server: language-model assistants ask the graph, and cite what it says.

``server`` speaks the protocol; ``desk`` keeps the process that holds the graph and ends it when time is up; ``worker``
is that process; ``describing``, ``questions`` and ``proofs`` are its answers; ``replies`` cuts them to a budget.
"""
