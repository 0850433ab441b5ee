"""The activity section of a policy pack."""

from typing import Annotated, Literal

from pydantic import Field

from chassis.rules import Parameter, Permission, PermissionParameter, PolicySection, Rule, Strict
from services.activity.domain.conduct_rules import ConductRules
from services.activity.domain.task_rules import TaskRules

Count = Annotated[int, Field(ge=0, le=1_000_000)]
Percent = Annotated[float, Field(ge=0, le=100)]
Kind = Literal["visit", "call", "message", "other"]
CountMode = Literal["letters_and_digits", "without_punctuation"]
IdenticalScope = Literal["customer_any_author_normalised", "customer_same_author_normalised"]


class AttachmentLimits(Strict):
    """How many files a record may name, how large, and of which media types."""

    most: Count
    bytes_each: Annotated[int, Field(ge=1, le=10**10)]
    media_types: tuple[str, ...]


class FollowUpRules(Strict):
    """Who records follow-ups, and which are valid (H-6.3e-h)."""

    record: Permission
    held: Rule
    """Only the holder records for a customer."""
    entered: Rule
    """A company that is no customer yet takes no record (H-3.1a, H-4.4)."""
    kinds: Parameter[tuple[Kind, ...]]
    require_title: Parameter[bool]
    require_content: Parameter[bool]
    min_chars: Parameter[Count]
    count_mode: Parameter[CountMode]
    identical_scope: Parameter[IdenticalScope]
    near_identical_at: Parameter[Percent]
    """From this likeness on a record is flagged; 0 flags none."""
    near_identical_among: Parameter[Count]
    """How many of the customer's latest records it is compared with."""
    backdate_hours: Parameter[Count]
    attachments: Parameter[AttachmentLimits]
    reused_attachments: Parameter[Literal["photos", "all", "none"]] | None = None
    """Which files are flagged when they showed another follow-up before; none when left out."""
    read: Permission
    readers: PermissionParameter
    """Besides the author and the holder, who always may."""


class SigningRules(Strict):
    """Who records what was signed."""

    record: Permission
    """For oneself."""
    record_for_others: Permission
    """Also corrects."""
    read: Permission


class OnlineRules(Strict):
    """H-6.6: online customers are maintained in every period."""

    categories: Parameter[tuple[str, ...]]
    maintenance_period: Parameter[Literal["calendar_month"]]
    standard: Rule
    external_policy: Parameter[str | None]
    read: Permission


class ActivityPolicy(PolicySection):
    """Everything activity decides by."""

    follow_ups: FollowUpRules
    signings: SigningRules
    online: OnlineRules
    conduct: ConductRules
    tasks: TaskRules
