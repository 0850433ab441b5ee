"""What the form of a new customer asks for, field by field."""

from dataclasses import dataclass

from chassis.kernel import Sentence
from chassis.rules import Rule
from services.customers.domain.form import INSURANCE, LABELS
from services.customers.domain.policy import CustomersPolicy, Form, FormField

NO_RULE = Sentence("", "")


@dataclass(frozen=True, slots=True)
class AskedFor:
    """A field: whether a new customer must have it, of which kinds (all when empty), its rule."""

    field: FormField
    label: Sentence
    required: bool
    kinds: tuple[str, ...]
    clause: str
    rule: Sentence


def asked_for(name: FormField, policy: CustomersPolicy) -> AskedFor:
    """Describe a field of the form as `completeness.check` asks for it at a library's door."""
    rules = policy.form
    of_some = tuple(
        kind
        for kind, parts in policy.identity.key_parts.value.items()
        if name in parts or (name == "contact" and kind == INSURANCE)
    )
    always = name in rules.required_fields.value or name in ("category", "industry_kind")
    item = rules.items.get(name)
    clause, rule = _written(name, rules)
    return AskedFor(
        field=name,
        label=LABELS[name],
        required=always or bool(of_some),
        kinds=of_some if not always else (),
        clause=clause or (item.clause if item else rules.required_fields.clause),
        rule=rule,
    )


def _written(name: FormField, rules: Form) -> tuple[str, Sentence]:
    """Return how a field is to be written, by which clause."""
    parameters: dict[FormField, Rule] = {
        "full_name": rules.name_endings,
        "business_address": rules.address_pattern,
        "hr_lead": rules.person_name,
        "phones": rules.landline,
        "category": rules.allowed_categories,
        "contact": rules.insurance_contact_suffix,
    }
    parameter = parameters.get(name)
    return (parameter.clause, parameter.say) if parameter else ("", NO_RULE)
