"""Public files → records. One module reads one source; ``importers`` lists them."""

from immunograph.sources.catalogue import importers
from immunograph.sources.importer import Importer, ImportReport, Skip, table_rows

__all__ = ["ImportReport", "Importer", "Skip", "importers", "table_rows"]
