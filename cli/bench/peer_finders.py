"""Other ways to find names that are alike, each with the same scoring of what it finds."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import psycopg
from rapidfuzz import fuzz, process

from cli.bench.stock import copy_rows
from services.customers.domain.evidence import profile, weigh
from services.customers.domain.features import features
from services.customers.domain.folding import bare, fold
from services.customers.domain.model import learnt
from services.customers.domain.names import parse

Finder = Callable[[str], list[str]]
"""Given a name as somebody writes it, the names that are meant, the likeliest first."""

FOUND, SHOWN = 40, 10
TRIGRAMS = """
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE TABLE bare_core (number integer PRIMARY KEY, core text NOT NULL);
"""
SIMILAR = """
SELECT number FROM bare_core WHERE core %% %(core)s
ORDER BY similarity(core, %(core)s) DESC LIMIT 40
"""
NEAREST = "SELECT number FROM bare_core ORDER BY core <-> %(core)s LIMIT 40"
PAIRS = """
SELECT number FROM bare_pair WHERE pair = ANY(%(pairs)s)
GROUP BY number ORDER BY count(*) DESC LIMIT 40
"""
PLAIN_SHIFT = 21


def ranked(asked: str, found: Iterable[str]) -> list[str]:
    """Return names in the order of the model, as the duplicate check would show them."""
    one, model = profile(parse(asked)), learnt()
    sums = {name: model.sum(weigh(one, profile(parse(name)))) for name in found}
    return sorted(sums, key=lambda name: -sums[name])[:SHOWN]


@contextmanager
def trigrams(conninfo: str, names: Sequence[str], index: str) -> Iterator[Finder]:
    """Find by pg_trgm on the stripped core; `index` is gin or gist."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS bare_core")
        connection.execute(TRIGRAMS.encode())
        rows = ((number, parse(name).core) for number, name in enumerate(names))
        copy_rows(connection, "bare_core (number, core)", rows)
        made = f"CREATE INDEX ON bare_core USING {index} (core {index}_trgm_ops)"
        connection.execute(made.encode())
        connection.execute("VACUUM ANALYZE bare_core")
        statement = SIMILAR if index == "gin" else NEAREST
        yield _by_statement(connection, names, statement, lambda name: {"core": parse(name).core})


@contextmanager
def plain_postings(conninfo: str, names: Sequence[str]) -> Iterator[Finder]:
    """Find by how many pairs of characters of the whole name are shared, without a budget."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS bare_pair")
        connection.execute("CREATE TABLE bare_pair (pair bigint, number integer)")
        rows = ((pair, number) for number, name in enumerate(names) for pair in _pairs(name))
        copy_rows(connection, "bare_pair (pair, number)", rows)
        connection.execute("ALTER TABLE bare_pair ADD PRIMARY KEY (pair, number)")
        connection.execute("VACUUM ANALYZE bare_pair")
        yield _by_statement(connection, names, PAIRS, lambda name: {"pairs": _pairs(name)})


def tantivy(names: Sequence[str]) -> Finder:
    """Find by BM25 over the pieces that the service indexes, in memory."""
    import tantivy as engine

    builder = engine.SchemaBuilder()
    builder.add_text_field("pieces", stored=False, tokenizer_name="whitespace", index_option="freq")
    builder.add_unsigned_field("number", stored=True)
    schema = builder.build()
    index = engine.Index(schema)
    writer = index.writer(heap_size=200_000_000, num_threads=1)
    for number, name in enumerate(names):
        writer.add_document(engine.Document(pieces=" ".join(_words(name)), number=number))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def find(asked: str) -> list[str]:
        terms = [
            (engine.Occur.Should, engine.Query.term_query(schema, "pieces", word))
            for word in _words(asked)
        ]
        hits = searcher.search(engine.Query.boolean_query(terms), limit=FOUND).hits
        return ranked(asked, [names[searcher.doc(place)["number"][0]] for _, place in hits])

    return find


def brute_force(names: Sequence[str]) -> Finder:
    """Find by comparing with every name, folded, by RapidFuzz."""
    folded = [bare(fold(name)) for name in names]

    def find(asked: str) -> list[str]:
        near = process.extract(bare(fold(asked)), folded, scorer=fuzz.ratio, limit=FOUND)
        return ranked(asked, [names[number] for _, _, number in near])

    return find


def _by_statement(
    connection: psycopg.Connection[Any],
    names: Sequence[str],
    statement: str,
    values: Callable[[str], dict[str, Any]],
) -> Finder:
    def find(asked: str) -> list[str]:
        rows = connection.execute(statement.encode(), values(asked)).fetchall()
        return ranked(asked, [names[row[0]] for row in rows])

    return find


def _words(name: str) -> list[str]:
    return [str(piece) for piece in sorted(features(parse(name)))]


def _pairs(name: str) -> list[int]:
    text = bare(fold(name))
    return sorted({(ord(one) << PLAIN_SHIFT) | ord(other) for one, other in pairwise(text)})
