"""``python -m immunograph``: the command line."""

from immunograph.cli import main

main(prog_name="immunograph")
