"""A database of customers with very many names, filled as fast as the server takes them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from cli.matcher.postings import Postings
from services.customers.domain.identity import identity_key
from services.customers.domain.policy import Identity

REPS = 2_000
POOLED = 3
"""One in so many customers lies in the pool, the others are held."""

COPIED = 200_000
"""Entries of the index that are written at once."""


def stock(conninfo: str, names: Sequence[str], index: Postings, identity: Identity) -> None:
    """Write customers with identity, custody and index into empty tables, as registering would."""
    now = datetime.now(UTC)
    empty, none = Jsonb({}), Jsonb([])
    ids = [ref(number) for number in range(len(names))]
    keys = dict.fromkeys(identity_key(name, "general", "", identity) for name in names)
    with psycopg.connect(conninfo) as connection:
        copy_rows(
            connection,
            "customer (customer_id, full_name, category, form, mnemonic, incomplete, version,"
            " created_at, updated_at)",
            (
                (ids[at], name, "intended", empty, "", none, 1, now, now)
                for at, name in enumerate(names)
            ),
        )
        copy_rows(connection, "identity (identity_key, customer_id, reserved_at)",
              ((key, ids[at], now) for at, key in enumerate(keys)))  # fmt: skip
        copy_rows(connection, "known_name (number, customer_id, full_name)",
              ((at, ids[at], name) for at, name in enumerate(names)))  # fmt: skip
        copy_rows(connection, "custody (customer_id, location, holder_id, sequence)",
              (_custody(at, ids[at]) for at in range(len(names))))  # fmt: skip
        connection.execute("SELECT setval('known_name_number_seq', %s)", [len(names)])
        connection.execute("ALTER TABLE name_posting DROP CONSTRAINT name_posting_pkey")
        _copy_postings(connection, index)
        connection.execute("ALTER TABLE name_posting ADD PRIMARY KEY (feature, number)")
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def ref(number: int) -> str:
    """Return the id of a customer: like a random one, not in the order of the names."""
    return f"{number * 2_654_435_761 % 4_294_967_296:08x}-{number:012d}"


def _custody(number: int, customer_id: str) -> tuple[str, str, str, int]:
    if number % POOLED == 0:
        return customer_id, "public_pool", "", 1
    return customer_id, "private_library", f"rep{number % REPS}", 1


def _copy_postings(connection: psycopg.Connection[Any], index: Postings) -> None:
    statement = "COPY name_posting (feature, number) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for feature, start, end in zip(
            index.features.tolist(), index.starts[:-1].tolist(), index.starts[1:].tolist(),
            strict=True,
        ):  # fmt: skip
            for at in range(start, end, COPIED):
                numbers = index.numbers[at : min(end, at + COPIED)].tolist()
                copy.write("".join(f"{feature}\t{number}\n" for number in numbers))


def copy_rows(
    connection: psycopg.Connection[Any], target: str, rows: Iterable[Sequence[Any]]
) -> None:
    """Write rows into `target`, a table with its columns, as fast as the server takes them."""
    statement = f"COPY {target} FROM STDIN".encode()
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
