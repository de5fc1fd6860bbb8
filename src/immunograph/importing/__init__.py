"""Public files and curation sheets → ``data/``."""

from immunograph.importing.public_files import (
    FILE_OF_KIND,
    find_importer,
    format_files,
    import_export,
    import_files,
    known_beside,
    read_registry,
)
from immunograph.importing.sheets import ADD_TO_OTHERS, NO_MORE, import_sheets, registry_for_sheets, sheets_of

__all__ = [
    "ADD_TO_OTHERS",
    "FILE_OF_KIND",
    "NO_MORE",
    "find_importer",
    "format_files",
    "import_export",
    "import_files",
    "import_sheets",
    "known_beside",
    "read_registry",
    "registry_for_sheets",
    "sheets_of",
]
