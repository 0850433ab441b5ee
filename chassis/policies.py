"""Policy versions of one service: applied with an effective time, never overwritten."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from pydantic import TypeAdapter, ValidationError

from chassis import tables
from chassis.kernel import Violation
from chassis.policy_faults import faults, faults_of_parameters, held_otherwise
from chassis.policy_history import Version, in_force_at, versions
from chassis.policy_reasons import (
    EFFECTIVE_TIME_PASSED,
    NO_POLICY,
    POLICY_INVALID,
    POLICY_STALE,
    POLICY_UNCHANGED,
    POLICY_UNKNOWN,
    UNKNOWN_TIME_ZONE,
)
from chassis.rules import OperationsRules, Parameter, PolicySection, Strict
from chassis.sections import Change, with_changes, without, wrong_names

Model = TypeVar("Model", bound=Strict)

_PARAMETERS = TypeAdapter(dict[str, Parameter[Any]])
_t = tables.policy_version
_CURRENT = (
    sa.select(_t.c.version, _t.c.pack, _t.c.time_zone)
    .where(_t.c.effective_at <= sa.bindparam("now"))
    .order_by(_t.c.effective_at.desc(), _t.c.version.desc())
    .limit(1)
)
VERSION_IN_FORCE = (
    "SELECT version FROM policy_version WHERE effective_at <= :now"
    " ORDER BY effective_at DESC, version DESC LIMIT 1"
)
"""For a statement that reads more besides: the version of `in_force`, given the time `now`."""


@dataclass(frozen=True, slots=True)
class InForce(Generic[Model]):
    """The policy in force: the rules, and what a decision quotes of them."""

    rules: Model
    version: int
    pack: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A section as a whole (with `pack` and `time_zone`), or changed parameters of a version."""

    section: dict[str, Any] | None = None
    pack: str = ""
    time_zone: str = ""
    changes: Sequence[Change] = ()
    base_version: int = 0
    """The version that changes begin from; 0: the one in force at the effective time."""
    effective_at: datetime | None = None
    """From when; None: now."""
    newest_version: int | None = None
    """The newest version that its author has seen; None: whatever it is."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A valid version that is not stored yet."""

    section: dict[str, Any]
    rules: PolicySection
    pack: str
    time_zone: str
    effective_at: datetime
    base_version: int
    """The version whose parameters it changes; 0 for a section given as a whole."""
    replaced_version: int
    """The version in force at the effective time without it; 0 when there is none."""
    newest_version: int
    later: Sequence[Version]
    """The versions that take over after its effective time and know nothing of it."""


@dataclass(frozen=True, slots=True)
class Stake:
    """How many of how many things a version would reach within a day of coming into force.

    Only those count that the version it replaces would not reach.
    """

    count: int
    total: int

    @property
    def percent(self) -> int:
        """The share, rounded down."""
        return self.count * 100 // self.total if self.total else 0

    def must_be_confirmed(self, rules: OperationsRules) -> bool:
        """Whether policy wants people to confirm it."""
        share, least = rules.confirm_share, rules.confirm_from
        if share is None or (least and self.count < least.value):
            return False
        return self.count * 100 > share.value * self.total


Weigh = Callable[[Any, Proposal], Stake | None]
"""Given the unit of work and a proposal."""


class PolicyStore:
    """Reads and writes the versions of one service's policy. Parsed versions are kept in memory."""

    def __init__(self, model: type[PolicySection], weigh: Weigh | None = None) -> None:
        self.model = model
        self.weigh = weigh
        """Says what a new version would do at once, where things happen by time."""
        self.parsed: dict[int, PolicySection] = {}
        self.last: InForce[Any] | None = None
        """What was last read as in force; since then another version may have come."""

    def in_force(self, connection: sa.Connection, now: datetime) -> InForce[Any]:
        """Return the latest version effective at `now`; refused when there is none."""
        row = connection.execute(_CURRENT, {"now": now}).first()
        if row is None:
            raise NO_POLICY.refuse()
        rules = self.version(connection, row.version)
        self.last = InForce(rules, row.version, row.pack, row.time_zone)
        return self.last

    def version(self, connection: sa.Connection, version: int) -> PolicySection:
        """Return the rules of one version, for what was begun under it."""
        if version not in self.parsed:
            stored = connection.execute(
                sa.select(_t.c.section).where(_t.c.version == version)
            ).scalar_one()
            section = without(stored, self.model.RETIRED)
            self.parsed[version] = self.model.model_validate(section["rules"])
        return self.parsed[version]

    def check(self, section: Mapping[str, Any]) -> PolicySection:
        """Return the typed rules of a section, or refuse it naming every wrong key."""
        violations: list[Violation] = []
        rules: PolicySection | None = None
        try:
            _PARAMETERS.validate_python(section.get("parameters", {}))
        except ValidationError as error:
            violations += faults_of_parameters(error)
        listed = {"parameters": {}} if violations else {"parameters": {}, **section}
        try:
            rules = self.model.model_validate(section.get("rules", {}))
            violations += held_otherwise(listed, rules) if not violations else ()
        except ValidationError as error:
            violations += faults({"rules": {}, **section} | listed, error)
        if rules is None or violations:
            raise POLICY_INVALID.refuse(violations=violations, count=len(violations))
        return rules

    def propose(self, connection: sa.Connection, draft: Draft, now: datetime) -> Proposal:
        """Return the version that a draft would bring, valid, or refuse it; nothing is kept.

        Changes begin from the version in force at their effective time, unless the draft names
        one. They cannot begin before `now`. Refused when another version was applied since the
        draft's `newest_version` was read.
        """
        effective_at = draft.effective_at or now
        history = versions(connection)
        newest = max((one.version for one in history), default=0)
        if draft.newest_version not in (None, newest):
            raise POLICY_STALE.refuse(version=newest)
        replaced = in_force_at(history, effective_at)
        if draft.section is not None:
            _check_time_zone(draft.time_zone)
            base, section, of_base = 0, draft.section, draft
        else:
            if effective_at < now:
                raise EFFECTIVE_TIME_PASSED.refuse(now=now.isoformat(timespec="seconds"))
            base = draft.base_version or replaced
            if not base:
                raise NO_POLICY.refuse()
            row = self.read(connection, base)
            known = without(row["section"], self.model.RETIRED)
            if wrong := list(wrong_names(known, draft.changes)):
                raise POLICY_INVALID.refuse(violations=wrong, count=len(wrong))
            section = with_changes(known, draft.changes)
            of_base = Draft(pack=row["pack"], time_zone=row["time_zone"])
        return Proposal(
            section=section,
            rules=self.check(section),
            pack=of_base.pack,
            time_zone=of_base.time_zone,
            effective_at=effective_at,
            base_version=base,
            replaced_version=replaced,
            newest_version=newest,
            later=[one for one in history if one.effective_at > effective_at],
        )

    def apply(self, connection: sa.Connection, draft: Draft, now: datetime, applied_by: str) -> int:
        """Store what a draft says as the next version and return its number.

        A section that says what the newest version says, with the same effective time, changes
        nothing. Changes are refused when there are none.
        """
        return self.keep(connection, draft, self.propose(connection, draft, now), now, applied_by)

    def keep(
        self,
        connection: sa.Connection,
        draft: Draft,
        proposal: Proposal,
        now: datetime,
        applied_by: str,
    ) -> int:
        """Store the proposal of a draft, as `apply` says."""
        newest = proposal.newest_version
        digest = section_digest(proposal.section)
        if draft.section is None:
            replaced = self.read(connection, proposal.replaced_version)
            if replaced["digest"] == digest:
                raise POLICY_UNCHANGED.refuse(version=proposal.replaced_version)
        elif newest:
            known = self.read(connection, newest)
            if (known["digest"], known["effective_at"]) == (digest, proposal.effective_at):
                return newest
        connection.execute(
            _t.insert(),
            {
                "version": newest + 1,
                "pack": proposal.pack,
                "effective_at": proposal.effective_at,
                "time_zone": proposal.time_zone,
                "section": proposal.section,
                "digest": digest,
                "applied_at": now,
                "applied_by": applied_by,
                "base_version": proposal.base_version,
                "reason": draft.reason,
            },
        )
        return newest + 1

    def read(self, connection: sa.Connection, version: int) -> sa.RowMapping:
        """Return a version's row; refused when there is none."""
        row = connection.execute(sa.select(_t).where(_t.c.version == version)).mappings().first()
        if row is None:
            raise POLICY_UNKNOWN.refuse(version=version)
        return row


def _check_time_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        violation = UNKNOWN_TIME_ZONE.violate("time_zone", name=name)
        raise POLICY_INVALID.refuse(violations=[violation], count=1) from None


def section_digest(section: dict[str, Any]) -> str:
    """Return the SHA-256 of a section, independent of key order."""
    return hashlib.sha256(json.dumps(section, sort_keys=True).encode()).hexdigest()
