"""What the `customers` section of a policy pack says, typed.

Groups hold rules; every tunable value is a `Parameter`.
"""

from typing import Annotated, Literal

import re2
from pydantic import AfterValidator, Field

from chassis.rules import (
    Grant,
    Granting,
    Parameter,
    Permission,
    PermissionParameter,
    PolicySection,
    Rule,
    Strict,
)

FormField = Literal[
    "full_name",
    "business_address",
    "hr_lead",
    "phones",
    "industry_kind",
    "category",
    "contact",
    "unified_credit_code",
]
IndustryKind = Literal["general", "insurance_individual", "securities"]
Category = Literal["intended", "expired_member", "online"]
KeyPart = Literal["name", "organisation", "contact"]
MarkName = Literal["phone", "address", "contact"]
Response = Literal["refuse", "needs_reason", "show"]


def compilable(pattern: str) -> str:
    """Return the pattern if RE2 accepts it; RE2 takes linear time on every input."""
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error as error:
        raise ValueError(f"not a regular expression that RE2 accepts: {error}") from None
    return pattern


Pattern = Annotated[str, AfterValidator(compilable)]
Percent = Annotated[float, Field(ge=0, le=100)]
Count = Annotated[int, Field(ge=0, le=10_000)]
Template = Annotated[str, Field(pattern=r"^\{name\}.*\{contact\}.*$", max_length=40)]
MarkFormat = Annotated[str, Field(pattern=r"^YYYYMMDD\S{1,20}$")]


class LengthLimits(Strict):
    """The least and most characters of a text, after trimming."""

    least: Count
    most: Count


class NameEndings(Strict):
    """How full names end. The longest ending that fits decides; folded, without brackets."""

    any_length: tuple[str, ...]
    """Endings that make a name full however short it is."""
    long_only: tuple[str, ...]
    """Endings that make a name full from `long_from` characters on."""
    long_from: Count
    short: tuple[str, ...]
    """Endings that a full name has not."""
    after_region: Count
    """A name that begins with a division's full name is full with so many characters more."""


class Override(Strict):
    """Who may set a rule aside for one customer, and whether a reason must be given."""

    roles: tuple[str, ...]
    reason_required: bool


class OverrideParameter(Granting, Parameter[Override]):
    """Who may set a rule aside, as a tunable parameter."""

    def _who(self) -> tuple[Grant, ...]:
        return tuple(Grant(role=role) for role in self.value.roles)


class Form(Strict):
    """H-3.1d and following: what a customer's record must contain, and how it is written."""

    required_fields: Parameter[tuple[FormField, ...]]
    items: dict[FormField, Rule]
    """The clause that asks for each field, quoted when it is missing or malformed."""
    allowed_categories: Parameter[tuple[Category, ...]]
    category_given_by: Parameter[dict[Category, tuple[str, ...]]]
    """Categories that only these roles give or take away."""
    text_limit: Parameter[Count]
    company_name_length: Parameter[LengthLimits]
    name_endings: Parameter[NameEndings]
    insurance_contact_suffix: Parameter[Template]
    securities_branch_required: Parameter[bool]
    person_name: Parameter[Pattern]
    address_pattern: Parameter[Pattern]
    address_override: OverrideParameter
    mobile: Parameter[Pattern]
    landline: Parameter[Pattern]
    phones_min: Parameter[Count]
    phones_advised: Parameter[Count]
    phones_max: Parameter[Count]
    insurance_mobile_required: Parameter[bool]
    kind_hints: Parameter[dict[IndustryKind, tuple[str, ...]]]


class Identity(Strict):
    """When two records are the same customer."""

    key_parts: Parameter[dict[IndustryKind, tuple[KeyPart, ...]]]


class Duplicates(Strict):
    """H-3.1b, c: how alike names are graded and what each grade means.

    Scores run from 0 to 100. At 90 hardly any look-alike is taken for the company (1 in 1,000),
    at 60 hardly any spelling of it is missed: what the model learnt, whatever its weights.
    """

    likely_at: Parameter[Percent]
    similar_at: Parameter[Percent]
    mark_points: Parameter[dict[MarkName, Percent]] | None = None
    """What an equal telephone, address or person adds; nothing where an older policy is silent."""
    hits_shown: Parameter[Count]
    on_same: Parameter[Response]
    on_likely: Parameter[Response]
    on_similar: Parameter[Response]
    check_required: Rule
    closed: Rule
    """What nobody may do with a record that was closed as a duplicate."""


class ReleaseMark(Strict):
    """H-6.7b: how a rep asks for the release of a customer."""

    mnemonic_format: Parameter[MarkFormat]


class PoolImport(Strict):
    """What a record needs that is imported straight into the public pool."""

    required_fields: Parameter[tuple[FormField, ...]]


class Visibility(Strict):
    """H-2.2f: who reads a customer in a private library, and what others are told."""

    library_readers: PermissionParameter
    """Besides the holder, who always may."""
    mask_name_keep: Parameter[Count]
    mask_phone_keep: Parameter[Count]
    existence_told: Rule


class Access(Strict):
    """Who may use what of the customers; whose customer it is, is asked besides."""

    check_duplicates: Permission
    read: Permission
    supplement: Permission
    set_mnemonic: Permission
    import_into_pool: Permission
    scan_duplicates: Permission | None = None
    """Nobody, where a policy of before there were scans does not say."""


class CustomersPolicy(PolicySection):
    """The `customers` section of a pack."""

    RETIRED = frozenset(
        {
            "duplicates.contained_floor",
            "duplicates.region_differs_cap",
            "duplicates.branch_differs_cap",
            "duplicates.ordinal_differs_cap",
            "duplicates.contact_differs_cap",
            "duplicates.legal_form_differs_cost",
        }
    )

    form: Form
    identity: Identity
    duplicates: Duplicates
    release_mark: ReleaseMark
    pool_import: PoolImport
    visibility: Visibility
    access: Access
