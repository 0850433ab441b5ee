"""The unit of work: everything one use case may touch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from chassis import outbox, tables
from chassis.kernel import SYSTEM, Decision, Event, Identity, Ids
from chassis.policies import InForce, PolicyStore
from chassis.rules import Strict

Model = TypeVar("Model", bound=Strict)

_RECORD = tables.decision.insert()
_CONCERN = tables.decision_concern.insert()


class PolicyMoved(Exception):
    """The policy that was assumed to be in force is not."""


@dataclass(slots=True)
class UnitOfWork:
    """One transaction of one use case.

    Owned by the caller (a gRPC method or the inbox), which commits it. `now` is fixed for
    the whole transaction; `actor` is who it is done for; `correlation_id` ties everything that
    follows from one request together; `causation_id` is the event or request at hand.
    """

    service: str
    connection: sa.Connection
    now: datetime
    new_id: Ids
    actor: Identity
    correlation_id: str
    causation_id: str
    policies: PolicyStore
    trace_parent: str = ""
    assumed: InForce[Any] | None = None
    """The policy that is taken to be in force until the transaction confirms it."""
    _in_force: InForce[Any] | None = field(default=None)

    def policy(self, model: type[Model]) -> InForce[Model]:
        """Return the policy in force at `now`, the same one for the whole transaction."""
        in_force: InForce[Model] = self._current()
        assert isinstance(in_force.rules, model)
        return in_force

    def confirm_policy(self, version: int | None) -> None:
        """Settle that `version` is in force, as a statement has read by the way.

        Raises PolicyMoved when another one was assumed: all that was done must be done again.
        """
        if self.assumed is not None and self.assumed.version != version:
            raise PolicyMoved

    def policy_version(self, model: type[Model], version: int) -> Model:
        """Return the rules of an earlier version, under which something was begun."""
        rules = self.policies.version(self.connection, version)
        assert isinstance(rules, model)
        return rules

    def today(self) -> date:
        """Return the date of `now` in the policy's time zone."""
        return self.now.astimezone(ZoneInfo(self._current().time_zone)).date()

    def emit(self, event: Event) -> str:
        """Put an event into the outbox; it is sent if and only if this transaction commits."""
        return outbox.append(self, [event])[0]

    def emit_all(self, events: Sequence[Event]) -> list[str]:
        """Put many events into the outbox at once, in order; return their ids."""
        return outbox.append(self, events)

    def record(self, decision: Decision, subject_id: str) -> str:
        """Keep a decision with its clause, facts and policy version; return its id."""
        return self.record_all([(decision, subject_id)])[0]

    def record_all(self, decided: Sequence[tuple[Decision, str]]) -> list[str]:
        """Keep decisions about subjects, in one statement; return their ids in order."""
        version = self._current().version
        rows: list[dict[str, Any]] = [
            {
                "decision_id": self.new_id(),
                "subject_id": subject_id,
                "action": decision.action,
                "outcome": decision.outcome,
                "reason": decision.reason,
                "clause": decision.clause,
                "zh": decision.say.zh,
                "en": decision.say.en,
                "facts": dict(decision.facts),
                "actor_id": self.actor.staff_id,
                "policy_version": version,
                "decided_at": self.now,
                "withheld": list(decision.withheld),
            }
            for decision, subject_id in decided
        ]
        if rows:
            self.connection.execute(_RECORD, rows)
        actor = [] if self.actor.has(SYSTEM) else [self.actor.staff_id]
        concerns = [
            {"decision_id": row["decision_id"], "staff_id": staff_id}
            for row, (decision, _) in zip(rows, decided, strict=True)
            for staff_id in sorted({*actor, *decision.concerned} - {""})
        ]
        if concerns:
            self.connection.execute(_CONCERN, concerns)
        return [row["decision_id"] for row in rows]

    def execute(self, statement: sa.Executable, values: Any = None) -> sa.CursorResult[Any]:
        """Run a statement in this transaction."""
        result = self.connection.execute(statement, values)
        assert isinstance(result, sa.CursorResult)
        return result

    def one(
        self, statement: sa.Select[Any], values: Mapping[str, Any] | None = None
    ) -> sa.RowMapping | None:
        """Return the first row of a query as a mapping, or None."""
        return self.connection.execute(statement, values).mappings().first()

    def _current(self) -> InForce[Any]:
        if self._in_force is None:
            self._in_force = self.assumed or self.policies.in_force(self.connection, self.now)
        return self._in_force
