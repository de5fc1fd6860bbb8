"""``neo4j``: straight into a running server, through the official driver.

Every batch and the note of how far the load has come are one transaction, so that a load that was cut off goes on where
it was, and nothing is there twice: records are merged on their ``id``.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from immunograph.errors import ExportError, MissingExtraError
from immunograph.exporters.neo4j_csv import SCHEMA, Table
from immunograph.exporters.neo4j_cypher import groups, in_group, ticked
from immunograph.exporters.neo4j_tables import NodeTable, node_tables, prepare, relationship_tables
from immunograph.exporters.stream import GraphStream
from immunograph.exporters.writing import ExportOptions, Target

if TYPE_CHECKING:
    import neo4j

_PROGRESS = "MERGE (p:ImmunographLoad {key: $key}) SET p.batches = $done, p.of = $all"
PATIENCE_SECONDS = 20
"""How long a server may take to answer or to come back before the load is given up."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some records of one group, with the Cypher that merges them."""

    cypher: str
    rows: list[dict[str, Any]]


def write(stream: GraphStream, target: Target) -> None:
    """Merge the stream into the server whose address the target names (``neo4j://host:7687``, ``/database`` if any).

    Raises:
        ExportError: the server cannot be reached, refuses the user, or stopped answering; or it holds another load and
            the export is not forced.
        MissingExtraError: the driver is not installed.
    """
    url, database = _address(target.name)
    prepare(stream)
    how = target.options
    total = sum(_size(stream, table, name, how.batch) for table, name in _all_groups(stream))
    key = _key(stream, how)
    done = 0
    with _session(url, database, how) as session, _told(url, lambda: f"{done:,} of {total:,} batches"):
        for statement in SCHEMA.split(";\n"):
            if statement.strip():
                session.run(statement).consume()
        done = _where_it_was(session, url, key, is_forced=target.is_forced)
        skipped = done
        for number, batch in enumerate(_batches(stream, how.batch, done), start=done + 1):
            session.execute_write(_merge, batch, key, number, total)
            done = number
            how.tell(f"{done:,} of {total:,} batches")
    went_on = f" (went on after batch {skipped:,})" if skipped else ""
    target.notes.append(f"{url} holds {stream.count('nodes'):,} nodes and {stream.count('edges'):,} edges{went_on}")


def _merge(transaction: neo4j.ManagedTransaction, batch: Batch, key: str, number: int, total: int) -> None:
    merged = transaction.run(batch.cypher, rows=batch.rows).single(strict=True)[0]
    if merged != len(batch.rows):
        raise ExportError(
            f"{len(batch.rows) - merged} records found no node at one end; the database was changed meanwhile: "
            "load again with --force"
        )
    transaction.run(_PROGRESS, key=key, done=number, all=total).consume()


def _where_it_was(session: neo4j.Session, url: str, key: str, *, is_forced: bool) -> int:
    """How many batches of this very load are there; with force, what other loads left is deleted."""
    known = {
        row["key"]: row["batches"]
        for row in session.run("MATCH (p:ImmunographLoad) RETURN p.key AS key, p.batches AS batches")
    }
    if is_forced:
        session.run("MATCH (x:Resource) CALL (x) { DETACH DELETE x } IN TRANSACTIONS OF 5000 ROWS").consume()
        session.run("MATCH (p:ImmunographLoad) DELETE p").consume()
        return 0
    if known.keys() - {key}:
        raise ExportError(f"{url}: holds another load of ours; replace it with --force, or give another database")
    return int(known.get(key, 0))


def _all_groups(stream: GraphStream) -> Iterator[tuple[Table, tuple[str, ...]]]:
    tables: list[Table] = [*node_tables(stream), *relationship_tables(stream)]
    for table in tables:
        for name in list(groups(stream, table)):
            yield table, name


def _size(stream: GraphStream, table: Table, name: tuple[str, ...], batch: int) -> int:
    query = f"SELECT count(*) FROM {table.table} WHERE {in_group(table, name)}"
    return -(-int(stream.connection.execute(query).fetchall()[0][0]) // batch)


def _batches(stream: GraphStream, size: int, done: int) -> Iterator[Batch]:
    """The batches after the first so many, always in the same order."""
    for table, name in list(_all_groups(stream)):
        in_this = _size(stream, table, name, size)
        if done >= in_this:
            done -= in_this
            continue
        ends = "id" if isinstance(table, NodeTable) else "source, target"
        columns = ", ".join([ends, *(column.sql for column in table.columns)])
        order = "id" if isinstance(table, NodeTable) or table.has_id else "source, target"
        rows = stream.connection.execute(
            f"SELECT {columns} FROM {table.table} WHERE {in_group(table, name)} ORDER BY {order}"
        )
        cypher = _cypher(table, name)
        while found := rows.fetchmany(size):
            if done:
                done -= 1
                continue
            yield Batch(cypher, [_row(table, row) for row in found])


def _cypher(table: Table, name: tuple[str, ...]) -> str:
    if isinstance(table, NodeTable):
        labels = ":".join(map(ticked, name))
        return f"UNWIND $rows AS row MERGE (x:Resource {{id: row.id}}) SET x = row.p, x:{labels} RETURN count(x)"
    key = " {id: row.p.id}" if table.has_id else ""
    return (
        "UNWIND $rows AS row MATCH (a:Resource {id: row.a}) MATCH (b:Resource {id: row.b}) "
        f"MERGE (a)-[x:{ticked(name[0])}{key}]->(b) SET x = row.p RETURN count(x)"
    )


def _row(table: Table, values: tuple[Any, ...]) -> dict[str, Any]:
    ends = 1 if isinstance(table, NodeTable) else 2
    given = zip((column.name for column in table.columns), values[ends:], strict=True)
    properties = {name: value for name, value in given if value is not None and value != []}
    if isinstance(table, NodeTable):
        return {"id": values[0], "p": {"id": values[0], **properties}}
    return {"a": values[0], "b": values[1], "p": properties}


def _key(stream: GraphStream, how: ExportOptions) -> str:
    """What makes a load this very load: the graph, the selection, and the size of the batches."""
    metadata = stream.metadata
    parts = [metadata.version, metadata.build, metadata.selection.as_dict(), how.batch]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]


def _address(text: str) -> tuple[str, str | None]:
    """The server's address and the name of the database, where one is named.

    Raises:
        ExportError: it is no such address.
    """
    parts = urlsplit(text)
    if parts.scheme.partition("+")[0] not in {"neo4j", "bolt"} or not parts.hostname:
        raise ExportError(f"{text}: is no address of a Neo4j server; give one such as neo4j://localhost:7687")
    return f"{parts.scheme}://{parts.netloc}", parts.path.strip("/") or None


@contextmanager
def _session(url: str, database: str | None, how: ExportOptions) -> Iterator[neo4j.Session]:
    try:
        import neo4j
    except ImportError as error:
        raise MissingExtraError("neo4j", "neo4j") from error
    logging.getLogger("neo4j").addHandler(logging.NullHandler())  # what it would print is told as an error
    with (
        _told(url, lambda: "no batch"),
        neo4j.GraphDatabase.driver(
            url,
            auth=(how.user, how.password),
            connection_timeout=PATIENCE_SECONDS,
            connection_acquisition_timeout=PATIENCE_SECONDS,
            max_transaction_retry_time=PATIENCE_SECONDS,
            notifications_min_severity="OFF",
        ) as driver,
        driver.session(database=database) as session,
    ):
        yield session


@contextmanager
def _told(url: str, how_far: Any) -> Iterator[None]:
    """Turn what the driver raises into one clear error."""
    from neo4j.exceptions import AuthError, DriverError, Neo4jError, ServiceUnavailable, SessionExpired

    try:
        yield
    except AuthError as error:
        raise ExportError(f"{url}: refuses this user; give --user and set IMMUNOGRAPH_PASSWORD") from error
    except (ServiceUnavailable, SessionExpired) as error:
        raise ExportError(
            f"{url}: does not answer; {how_far()} are loaded. Run the same command again, and it goes on from there"
        ) from error
    except (Neo4jError, DriverError) as error:
        shown = " ".join(str(error).split())[:300]
        raise ExportError(f"{url}: the load stopped at {how_far()} ({shown}); run the same command again") from error
