"""What every rule is written in: sentences, refusals, decisions, events, time.

Pure: no I/O, no clock, no randomness. Everything a rule needs arrives as an
argument, so a rule can be replayed and gives the same answer again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

Figure = str | int | float | bool
"""A value that a sentence can quote and a caller can read back."""


class Clock(Protocol):
    """Where the time comes from. Always aware, always UTC."""

    def __call__(self) -> datetime: ...


class Ids(Protocol):
    """Where new identifiers come from: unique, opaque, at most 36 characters."""

    def __call__(self) -> str: ...


ADMINISTRATOR = "administrator"
SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Identity:
    """The person a command is done for. `staff_id` is unique; the rest was true at sign-in."""

    staff_id: str
    name: str
    roles: frozenset[str]
    department: str = ""
    team: str = ""

    def has(self, role: str) -> bool:
        """Whether the person has the role; the platform's administrator role is not implied."""
        return role in self.roles

    def to_dict(self) -> dict[str, Any]:
        """Return the identity as JSON-ready data, for events."""
        return {
            "staff_id": self.staff_id,
            "name": self.name,
            "roles": sorted(self.roles),
            "department": self.department,
            "team": self.team,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Identity":
        """Read what `to_dict` wrote."""
        return cls(
            staff_id=str(data["staff_id"]),
            name=str(data.get("name", "")),
            roles=frozenset(data.get("roles", ())),
            department=str(data.get("department", "")),
            team=str(data.get("team", "")),
        )


class Kind(StrEnum):
    """What sort of refusal it is; `chassis.grpc_errors` maps each to one gRPC code."""

    INVALID = "invalid"
    NOT_FOUND = "not_found"
    DUPLICATE = "duplicate"
    STATE = "state"
    POLICY = "policy"
    QUOTA = "quota"
    STALE = "stale"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    RATE = "rate"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One statement in the two languages that users read."""

    zh: str
    en: str

    def fill(self, figures: Mapping[str, Figure]) -> "Sentence":
        """Return the sentence with `{name}` replaced by figures; a missing figure is an error."""
        return Sentence(self.zh.format_map(figures), self.en.format_map(figures))


@dataclass(frozen=True, slots=True)
class Violation:
    """One field that is not as it must be, with the clause that says so."""

    field: str
    reason: str
    clause: str
    say: Sentence


@dataclass(frozen=True, slots=True)
class Advice:
    """Something better to do that nobody is forced to do."""

    field: str
    reason: str
    clause: str
    say: Sentence


class Refused(Exception):
    """A command that has no effect, and why.

    `reason` is stable and machine-readable (UPPER_SNAKE, at most 63 characters);
    `clause` names the rule in force, or is empty for refusals that no rule book
    makes (a malformed request, a lost race); `figures` repeats every value that
    `say` quotes; `advice` tells what to do next. Nothing in it may disclose what
    the caller is not allowed to see.
    """

    def __init__(
        self,
        reason: str,
        kind: Kind,
        say: Sentence,
        *,
        clause: str = "",
        advice: Sentence | None = None,
        figures: Mapping[str, Figure] | None = None,
        violations: Sequence[Violation] = (),
    ) -> None:
        super().__init__(f"{reason}: {say.en}")
        self.reason = reason
        self.kind = kind
        self.say = say
        self.clause = clause
        self.advice = advice
        self.figures = dict(figures or {})
        self.violations = tuple(violations)
        self.service = ""
        self.decision_id = ""
        """Under which it is kept at `service`; empty when it is not."""


@dataclass(frozen=True, slots=True)
class Reason:
    """An entry of a service's message catalogue: a reason code with its two languages."""

    code: str
    kind: Kind
    zh: str
    en: str
    next_zh: str = ""
    next_en: str = ""

    def refuse(
        self, clause: str = "", violations: Sequence[Violation] = (), **figures: Figure
    ) -> Refused:
        """Build the refusal to raise, with the sentence filled in."""
        advice = Sentence(self.next_zh, self.next_en).fill(figures) if self.next_en else None
        return Refused(
            self.code,
            self.kind,
            Sentence(self.zh, self.en).fill(figures),
            clause=clause,
            advice=advice,
            figures=figures,
            violations=violations,
        )

    def violate(self, field: str, clause: str = "", **figures: Figure) -> Violation:
        """Build the violation of one field."""
        return Violation(field, self.code, clause, Sentence(self.zh, self.en).fill(figures))

    def advise(self, field: str, clause: str = "", **figures: Figure) -> Advice:
        """Build advice about one field."""
        return Advice(field, self.code, clause, Sentence(self.zh, self.en).fill(figures))


FORBIDDEN = Reason(
    "FORBIDDEN",
    Kind.FORBIDDEN,
    zh="您的角色无权执行此操作。",
    en="Your role may not do this.",
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, by which clause, from which facts.

    `concerned` are the people who may read it besides who asked and who reads all decisions; of its
    facts they are not told those named in `withheld`, which are other people's. Where a deadline
    counted, `facts["deadline"]` is what `deadline_facts` makes.
    """

    action: str
    outcome: str
    reason: str
    clause: str
    say: Sentence
    facts: Mapping[str, Any] = field(default_factory=dict)
    concerned: Sequence[str] = ()
    withheld: Sequence[str] = ()


def deadline_facts(
    clock: str, subject_id: str, party_id: str, basis_time: str, due_time: str, version: int
) -> dict[str, Any]:
    """Return what a decision keeps of the deadline that it enforced, times in ISO 8601, UTC.

    `clock` is the name of the scheduler's clock, `subject_id` what it is of, `party_id` whose time
    it is, '' for nobody's, `version` its announcement. The days from `basis_time` to `due_time`,
    which count and why others do not, the scheduler tells.
    """
    return {
        "clock": clock,
        "subject_id": subject_id,
        "party_id": party_id,
        "from": basis_time,
        "to": due_time,
        "version": version,
    }


@dataclass(frozen=True, slots=True)
class Event:
    """A fact that a service announces.

    `type` is `crm.<service>.<aggregate>.<past_tense_fact>.v<major>`; `subject` is
    the aggregate's id; `data` is JSON-ready.
    """

    type: str
    subject: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Received:
    """An event as a handler sees it."""

    id: str
    type: str
    source: str
    subject: str
    sequence: int
    time: datetime
    data: Mapping[str, Any]
    correlation_id: str
    trace_parent: str = ""
