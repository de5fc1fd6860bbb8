"""The command line: parses what was asked, calls the library, shows the answer."""

from immunograph.cli.main import main

__all__ = ["main"]
