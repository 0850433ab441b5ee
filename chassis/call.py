"""One call under way: who calls, in which transaction, and which answer a repetition gets."""

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

import sqlalchemy as sa
from google.protobuf.message import Message

from chassis import telemetry
from chassis.columns import upsert
from chassis.db import Database
from chassis.identity import PEER_METADATA, PEER_TOKEN, Signer, Verifier, system
from chassis.kernel import Clock, Identity, Ids, Kind, Reason, Refused
from chassis.policies import InForce, PolicyStore
from chassis.tables import request as _t
from chassis.unit import PolicyMoved, UnitOfWork

Answer = TypeVar("Answer", bound=Message)
Result = TypeVar("Result")

_KEY = (
    (_t.c.caller == sa.bindparam("by"))
    & (_t.c.method == sa.bindparam("called"))
    & (_t.c.request_id == sa.bindparam("wanted"))
)
_TAKE = {name: upsert(name, _t).on_conflict_do_nothing() for name in ("postgresql", "sqlite")}
_STORED = sa.select(_t.c.fingerprint, _t.c.response).where(_KEY)
_REMEMBER = _t.update().where(_KEY).values(response=sa.bindparam("answer"))


_OF_REQUEST = "req_"
"""Before the names of the request's columns, where another row's stand beside them."""


@cache
def _both(table: sa.Table) -> sa.Insert:
    """Insert a row and the request that it answers, or neither if that was answered before."""
    taken = (
        upsert("postgresql", _t)
        .values({column.name: sa.bindparam(_OF_REQUEST + column.name) for column in _t.c})
        .on_conflict_do_nothing()
        .returning(_t.c.caller)
        .cte("taken")
    )
    row = (sa.bindparam(column.name, type_=column.type) for column in table.c)
    return table.insert().from_select(table.c.keys(), sa.select(*row).select_from(taken))


REQUEST_ID_REUSED = Reason(
    "REQUEST_ID_REUSED",
    Kind.INVALID,
    zh="该请求编号已用于另一内容的请求。",
    en="This request id was used for a different request.",
    next_zh="请换一个新的请求编号。",
    next_en="Use a new request id.",
)


@dataclass(frozen=True, slots=True)
class Door:
    """What a service's methods need to be served."""

    service: str
    database: Database
    clock: Clock
    new_id: Ids
    verifier: Verifier
    policies: PolicyStore
    signer: Signer | None = None
    """With which this service says who it is to the services it calls."""


class _DryRun(Exception):
    def __init__(self, answer: Any) -> None:
        self.answer = answer


class Call:
    """One call under way."""

    def __init__(
        self,
        door: Door,
        method: str,
        request: Any,
        actor: Identity,
        token: str,
        trace: telemetry.Trace,
        wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        self.door = door
        self.method = method
        self.request = request
        self.actor = actor
        self.token = token
        self.trace = trace
        self.wanted = wanted
        """Whether somebody still waits for the answer."""
        self.request_id: str = getattr(request, "request_id", "")

    def peer_metadata(self) -> list[tuple[str, str]]:
        """Return what a call to another service carries: the caller, this service, the trace."""
        metadata = [("authorization", f"Bearer {self.token}"), ("traceparent", self.trace.header)]
        if self.door.signer:
            me = system(self.door.service)
            token = self.door.signer.sign(me, self.door.clock(), PEER_TOKEN)
            metadata.append((PEER_METADATA, token))
        return metadata

    def run(self, work: Callable[[UnitOfWork], Result]) -> Result:
        """Run `work` in a transaction of its own."""
        return self.door.database.run(lambda connection: work(self._unit(connection)))

    def read(self, work: Callable[[UnitOfWork], Result]) -> Result:
        """Run `work` in a read-only transaction."""
        with self.door.database.read() as connection:
            return work(self._unit(connection))

    def look(self, work: Callable[[UnitOfWork], Result]) -> Result:
        """Run `work`, which changes nothing, without a transaction and its round trips.

        The policy that was last in force here is assumed to be so; `work` has one of its
        statements read `VERSION_IN_FORCE` and confirms it. If another policy has come into
        force meanwhile, or what is assumed refuses, `work` runs once more, with the one in force.
        """
        assumed = self.door.policies.last
        if assumed is not None:
            with suppress(PolicyMoved, Refused):
                return self.door.database.look(lambda c: work(self._unit(c, assumed)))
        return self.door.database.look(lambda c: work(self._unit(c)))

    def keep(self, table: sa.Table, row: Mapping[str, Any], answer: Answer) -> Answer:
        """Insert a row and give `answer`; a repetition of the request id gets the stored answer.

        One statement, which stands alone, where the database can insert into two tables at once.
        """
        database = self.door.database
        if not self.request_id:
            database.apart(lambda connection: connection.execute(table.insert(), row))
            return answer
        if database.dialect == "postgresql":
            answered = self._row(self.door.clock()) | {"response": answer.SerializeToString()}
            values = {**row, **{_OF_REQUEST + name: value for name, value in answered.items()}}
            if database.apart(lambda connection: connection.execute(_both(table), values).rowcount):
                return answer

        def insert(uow: UnitOfWork) -> Answer:
            uow.execute(table.insert(), row)
            return answer

        return self.commit(insert, type(answer))

    def commit(self, work: Callable[[UnitOfWork], Answer], answer: type[Answer]) -> Answer:
        """Run `work` once for this request id; a repetition gets the stored answer.

        With `validate_only` in the request everything is decided and nothing is kept.
        """
        dry = getattr(self.request, "validate_only", False)

        def once(uow: UnitOfWork) -> Answer:
            stored = None if dry or not self.request_id else self._enter(uow)
            if stored is not None:
                return answer.FromString(stored)
            result = work(uow)
            if dry:
                raise _DryRun(result)
            if self.request_id:
                self._remember(uow, result.SerializeToString())
            return result

        try:
            return self.run(once)
        except _DryRun as dry_run:
            rehearsed: Answer = dry_run.answer
            return rehearsed

    def replay(self, answer: type[Answer]) -> Answer | None:
        """Return the stored answer of this request id, if it was answered before."""
        with self.door.database.read() as connection:
            row = connection.execute(_STORED, self._key()).first()
        if row is None or row.response is None:
            return None
        if row.fingerprint != self._fingerprint():
            raise REQUEST_ID_REUSED.refuse()
        return answer.FromString(row.response)

    def _unit(self, connection: sa.Connection, assumed: InForce[Any] | None = None) -> UnitOfWork:
        door = self.door
        return UnitOfWork(
            service=door.service,
            connection=connection,
            now=door.clock(),
            new_id=door.new_id,
            actor=self.actor,
            correlation_id=self.trace.trace_id,
            causation_id=self.request_id or self.trace.trace_id,
            policies=door.policies,
            trace_parent=self.trace.header,
            assumed=assumed,
        )

    def _enter(self, uow: UnitOfWork) -> bytes | None:
        """Take the request id; a concurrent repetition waits here for the first one's end."""
        row = self._row(uow.now)
        if uow.execute(_TAKE[uow.connection.dialect.name], row).rowcount == 1:
            return None
        stored = uow.connection.execute(_STORED, self._key()).one()
        if stored.fingerprint != row["fingerprint"]:
            raise REQUEST_ID_REUSED.refuse()
        response: bytes = stored.response
        return response

    def _row(self, now: datetime) -> dict[str, Any]:
        return {
            "caller": self.actor.staff_id,
            "method": self.method,
            "request_id": self.request_id,
            "fingerprint": self._fingerprint(),
            "created_at": now,
        }

    def _remember(self, uow: UnitOfWork, response: bytes) -> None:
        uow.execute(_REMEMBER, self._key() | {"answer": response})

    def _key(self) -> dict[str, str]:
        return {
            "by": self.actor.staff_id,
            "called": self.method,
            "wanted": self.request_id,
        }

    def _fingerprint(self) -> str:
        body: bytes = self.request.SerializeToString(deterministic=True)
        return hashlib.sha256(body).hexdigest()
