"""When two records are the same customer: the key that may exist only once."""

import hashlib

from services.customers.domain.folding import bare, fold
from services.customers.domain.names import contact_of
from services.customers.domain.policy import Identity

MAX_KEY = 400
DIGEST = 64


def identity_key(full_name: str, industry_kind: str, contact: str, rules: Identity) -> str:
    """Return the key that two records share exactly when they are the same customer.

    `<parts> <value>…`: the names of the parts that policy compares for the kind
    (an unknown kind is compared by its name), joined by `+`, then their folded values
    without brackets, separated by one space, which no folded value contains. Two kinds
    compared by the same parts share keys, so no kind hides a duplicate from another.
    Parts: `name`, the whole name down to the branch; `organisation`, the name without
    the contact; `contact`, the contact stated, else the one in the name's brackets.

    At most 400 characters: a longer key ends in the SHA-256 of the whole. Never raises.
    Keys are stored under a UNIQUE constraint: a change of this function, or of a table
    it reads, is a migration.
    """
    parts = rules.key_parts.value.get(industry_kind, ("name",))  # type: ignore[call-overload]
    folded = fold(full_name)
    stated = fold(contact)
    inside = stated if stated and folded.endswith(f"({stated})") else contact_of(full_name)
    values = {
        "name": bare(folded),
        "organisation": bare(folded.removesuffix(f"({inside})") if inside else folded),
        "contact": bare(stated or inside),
    }
    key = " ".join(["+".join(parts), *(values[part] for part in parts)])
    if len(key) <= MAX_KEY:
        return key
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    return key[: MAX_KEY - DIGEST - 1] + " " + digest
