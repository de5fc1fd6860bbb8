"""Local rows joined with what a remote endpoint says of them, in two explicit steps, with a dated cache."""

from immunograph.federation.joining import Federation
from immunograph.federation.recipes import Recipe, find_recipe, read_recipes

__all__ = ["Federation", "Recipe", "find_recipe", "read_recipes"]
