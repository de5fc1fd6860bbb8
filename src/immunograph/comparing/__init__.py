"""Two graphs side by side: what was added, removed and changed, down to inferred facts and answers."""

from immunograph.comparing.compare import compare
from immunograph.comparing.difference import PARTS, Change, Difference
from immunograph.comparing.side import Side

__all__ = ["PARTS", "Change", "Difference", "Side", "compare"]
