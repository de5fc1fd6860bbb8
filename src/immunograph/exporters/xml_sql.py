"""XML and GEXF's list literals as SQL, so that the engine writes the text of a row at its own speed."""

from __future__ import annotations

import duckdb

_ILLEGAL = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x{FFFE}\x{FFFF}]"
"""What XML 1.0 cannot hold, not even as a reference (https://www.w3.org/TR/xml/#charsets)."""


def add_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Add ``xml`` (text → attribute value or content), ``list_of_texts`` and ``list_of_values`` (GEXF's literals).

    A character that XML cannot hold becomes U+FFFD. Line breaks and tabs are written as references, since a parser
    turns bare ones in attributes into blanks.
    """
    connection.execute(rf"""
        CREATE OR REPLACE MACRO xml(t) AS CASE WHEN regexp_matches(t, '[&<>"\x00-\x1F\x{{FFFE}}\x{{FFFF}}]') THEN
          regexp_replace(replace(replace(replace(replace(replace(replace(replace(t, '&', '&amp;'), '<', '&lt;'),
            '>', '&gt;'), '"', '&quot;'), chr(9), '&#9;'), chr(10), '&#10;'), chr(13), '&#13;'),
            '{_ILLEGAL}', chr(65533), 'g')
          ELSE t END;
        CREATE OR REPLACE MACRO list_of_texts(l) AS
          CASE WHEN regexp_matches(array_to_string(l, ''), '[&<>"\\\x00-\x1F\x{{FFFE}}\x{{FFFF}}]') THEN
            '[' || array_to_string(list_transform(l, lambda x:
              '&quot;' || xml(replace(replace(x, '\', '\\'), '"', '\"')) || '&quot;'), ', ') || ']'
          WHEN len(l) = 0 THEN '[]'
          ELSE '[&quot;' || array_to_string(l, '&quot;, &quot;') || '&quot;]' END;
        CREATE OR REPLACE MACRO list_of_values(l) AS '[' || array_to_string(l, ', ') || ']';
    """)
