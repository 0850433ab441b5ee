"""What a dispute is ruled from."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A follow-up that a ruling quotes; `local` is its time in the policy's time zone."""

    follow_up_id: str
    at: datetime
    local: str
    title: str


@dataclass(frozen=True, slots=True)
class FollowUps:
    """What one person recorded of a customer within the time that counts."""

    staff_id: str
    last: FollowUp | None = None
    valid_count: int = 0
    invalid_count: int = 0


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Working days of the business calendar: how many, which (ISO dates), and which are not."""

    count: int
    counted: tuple[str, ...]
    skipped: tuple[str, ...]
    calendar_version: int


@dataclass(frozen=True, slots=True)
class UnmaintainedMonth:
    """A month `YYYY-MM` that went by without maintenance; `healed` by a valid record since."""

    month: str
    holder_id: str
    healed: bool


@dataclass(frozen=True, slots=True)
class PerformanceEvidence:
    """About a signing: the original rep (`holder_id`), who signed, and what the holder did.

    `days` counts from the last valid follow-up to the signing, None without one.
    """

    holder_id: str
    signer_id: str
    sign_date: date
    online: bool
    followed: FollowUps
    days: WorkingDays | None
    unmaintained: tuple[UnmaintainedMonth, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """One of two records of a customer. `protected` and `entered` are local times as text."""

    customer_id: str
    holder_id: str
    online: bool
    protected_at: datetime | None
    protected: str
    entered_at: datetime
    entered: str
    followed: FollowUps | None = None

    @property
    def last_at(self) -> datetime:
        """When its holder last followed up validly; only where there is such a follow-up."""
        assert self.followed
        assert self.followed.last
        return self.followed.last.at


@dataclass(frozen=True, slots=True)
class DuplicateEvidence:
    """Two records of one customer."""

    records: tuple[Record, Record]
