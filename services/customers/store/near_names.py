"""Who has a name like one: all that a duplicate check needs to know, in one statement."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from chassis.columns import Instant
from chassis.policies import VERSION_IN_FORCE
from chassis.unit import UnitOfWork
from services.customers.domain.features import ALWAYS, BUDGET, COMMON, SHARE, features
from services.customers.domain.names import ParsedName
from services.customers.domain.other_names import NameKind
from services.customers.store.custodies import Custody, custody_from
from services.customers.store.piece_sizes import sizes_of

CANDIDATES = 40
"""The name that is meant is hardly ever further behind among those that share most."""


@dataclass(frozen=True, slots=True)
class NearName:
    """A customer with its identity key and its contact, found by a name.

    `known_as` is that name: the customer's own, one that it had before, or a `short` one.
    `kept_id` is the record that was kept when this one was closed as a duplicate, else the
    customer itself; the custody is of that one.
    """

    customer_id: str
    full_name: str
    known_as: str
    short: bool
    identity_key: str
    contact: str
    kept_id: str
    custody: Custody


@dataclass(frozen=True, slots=True)
class Near:
    """What was found; `owner` of the key is (case id, customer id), one of them empty."""

    names: tuple[NearName, ...]
    owner: tuple[str, str] | None


def find(uow: UnitOfWork, name: ParsedName, key: str) -> Near:
    """Return the names that share most with `name`, rare pieces most, and who has the key.

    At most `CANDIDATES`, most first, as far as they are `near_enough`, from the rarest pieces on
    until some `BUDGET` entries are read (`rarest_first`); the owner of the key is always among
    them.

    One statement, which confirms the policy by the way. It sees whatever was committed before
    it: remembered sizes of pieces save counting them again, and decide nothing but which
    pieces are read when not all can be.
    """
    sizes = sizes_of(uow.connection)
    asked = json.dumps(list(sizes.recall(sorted(features(name)), uow.now).items()))
    statement = _NEAR[uow.connection.dialect.name]
    found = uow.connection.execute(statement, {"asked": asked, "key": key, "now": uow.now})
    rows = found.mappings().all()
    first = rows[0]
    uow.confirm_policy(first["policy_version"])
    sizes.learn(_sizes(first["counted"]), uow.now)
    owner = (first["owner_case"] or "", first["owner_customer"] or "")
    named = tuple(_near_name(row) for row in rows if row["customer_id"])
    return Near(named, owner if any(owner) else None)


def _near_name(row: sa.RowMapping) -> NearName:
    return NearName(
        row["customer_id"],
        row["full_name"],
        row["known_as"],
        row["kind"] == NameKind.SHORT.value,
        row["identity_key"] or "",
        row["contact"] or "",
        row["kept_id"],
        custody_from(row),
    )


def _sizes(counted: str | Mapping[str, int] | None) -> Mapping[str, int]:
    sizes: Mapping[str, int] = json.loads(counted) if isinstance(counted, str) else counted or {}
    return sizes


_STATEMENT = """
WITH asked AS MATERIALIZED (
    SELECT CAST(key AS BIGINT) AS feature, CAST(value AS BIGINT) AS known FROM {entries}
), sized AS MATERIALIZED (
    SELECT feature, known, CASE WHEN known > 0 THEN known ELSE (
        SELECT count(*) FROM (
            SELECT 1 FROM name_posting AS posting
            WHERE posting.feature = asked.feature LIMIT {budget} + 1
        ) AS entry
    ) END AS size FROM asked
), chosen AS MATERIALIZED (
    SELECT feature, worth FROM (
        SELECT feature, size, sum(size) OVER (ORDER BY size, feature) AS read,
            CAST(round(1000 * ln(1 + 1.0 * {common} / size)) AS INTEGER) AS worth
        FROM sized WHERE size > 0
    ) AS rarest WHERE read <= {budget} OR read = size
), best AS MATERIALIZED (
    SELECT number, total FROM (
        SELECT number, total, max(total) OVER () AS most,
            row_number() OVER (ORDER BY total DESC, number) AS place
        FROM (
            SELECT posting.number, sum(chosen.worth) AS total
            FROM chosen CROSS JOIN name_posting AS posting
            WHERE posting.feature = chosen.feature
            GROUP BY posting.number ORDER BY total DESC, posting.number LIMIT {candidates}
        ) AS nearest
    ) AS placed WHERE place <= {always} OR total >= {share} * most
), owner AS MATERIALIZED (
    SELECT case_id, customer_id FROM identity WHERE identity_key = :key
), wanted AS (
    SELECT number, total FROM best
    UNION ALL
    SELECT number, 0 FROM known_name
    WHERE customer_id = (SELECT customer_id FROM owner) AND kind = 'own'
        AND number NOT IN (SELECT number FROM best)
), named AS (
    SELECT wanted.number, wanted.total, customer.customer_id, customer.full_name,
        known_name.full_name AS known_as, known_name.kind,
        identity.identity_key, customer.form ->> 'contact' AS contact,
        CASE customer.duplicate_of WHEN '' THEN customer.customer_id
            ELSE customer.duplicate_of END AS kept_id
    FROM wanted
    JOIN known_name ON known_name.number = wanted.number
    JOIN customer ON customer.customer_id = known_name.customer_id
    LEFT JOIN identity ON identity.customer_id = customer.customer_id
)
SELECT ({version}) AS policy_version,
    (SELECT {sizes}(feature, size) FROM sized WHERE known = 0) AS counted,
    (SELECT case_id FROM owner) AS owner_case,
    (SELECT customer_id FROM owner) AS owner_customer,
    NULL AS customer_id, NULL AS full_name, NULL AS known_as, NULL AS kind,
    NULL AS identity_key, NULL AS contact, NULL AS kept_id,
    NULL AS location, NULL AS holder_id, NULL AS department, NULL AS team,
    NULL AS total, NULL AS number
UNION ALL
SELECT NULL, NULL, NULL, NULL,
    named.customer_id, named.full_name, named.known_as, named.kind,
    named.identity_key, named.contact, named.kept_id,
    custody.location, custody.holder_id, colleague.department, colleague.team,
    named.total, named.number
FROM named
LEFT JOIN custody ON custody.customer_id = named.kept_id
LEFT JOIN colleague ON colleague.staff_id = custody.holder_id
ORDER BY total DESC NULLS FIRST, number
"""


def _statement(entries: str, sizes: str) -> sa.TextClause:
    text = _STATEMENT.format(
        entries=entries,
        sizes=sizes,
        version=VERSION_IN_FORCE,
        budget=BUDGET,
        common=COMMON,
        candidates=CANDIDATES,
        always=ALWAYS,
        share=SHARE,
    )
    return sa.text(text).bindparams(sa.bindparam("now", type_=Instant()))


_PAIRS_IN_POSTGRESQL = """(
        SELECT pair ->> 0 AS key, pair ->> 1 AS value
        FROM json_array_elements(CAST(:asked AS json)) AS pair
    ) AS pair"""
_PAIRS_IN_SQLITE = """(
        WITH RECURSIVE place(at) AS (
            SELECT 0 UNION ALL SELECT at + 1 FROM place WHERE at + 1 < json_array_length(:asked)
        )
        SELECT json_extract(:asked, '$[' || at || '][0]') AS key,
            json_extract(:asked, '$[' || at || '][1]') AS value FROM place
    ) AS pair"""
_NEAR = {
    "postgresql": _statement(_PAIRS_IN_POSTGRESQL, "json_object_agg"),
    "sqlite": _statement(_PAIRS_IN_SQLITE, "json_group_object"),
}
