"""Names of other companies that look like one that is known: kind by kind, by a seed."""

import random

from cli.matcher.confusable import common
from cli.matcher.places import city_codes
from cli.matcher.population import PEOPLE
from cli.matcher.variations import DIGITS, Vary, region_left_out, replaced
from services.customers.domain import tables
from services.customers.domain.names import ParsedName


def other_trade(name: str, parts: ParsedName, choose: random.Random) -> str:
    """The same brand in another trade."""
    if not parts.trade or parts.branch or parts.trade not in name:
        return ""
    words = [w for w in sorted(tables.trades()) if w[0] not in parts.trade and len(w) == 2]
    at = name.rfind(parts.trade)
    return name[:at] + choose.choice(words) + name[at + len(parts.trade) :]


def other_branch(name: str, parts: ParsedName, choose: random.Random) -> str:
    """Another branch of the same head office."""
    if not parts.branch or "公司" not in name or parts.branch not in name:
        return ""
    place = choose.choice(sorted(city_codes()))
    return name[: name.rfind(parts.branch)] + place + ("支行" if "银行" in name else "分公司")


def other_number(name: str, parts: ParsedName, choose: random.Random) -> str:
    """一建 and 二建."""
    at = name.find(parts.core)
    for place, one in enumerate(parts.core if at >= 0 else ""):
        if one in DIGITS:
            other = choose.choice(DIGITS.replace(one, ""))
            return name[: at + place] + other + name[at + place + 1 :]
    return ""


def other_city(name: str, parts: ParsedName, choose: random.Random) -> str:
    """A namesake in another city."""
    rest = region_left_out(name, parts, choose)
    if not rest or parts.core.startswith(parts.region[-1]):
        return ""
    far = [
        short
        for short, code in city_codes().items()
        if code[:2] not in {p[:2] for p in parts.places}
    ]
    return choose.choice(sorted(far)) + rest


def other_brand(name: str, parts: ParsedName, choose: random.Random) -> str:
    """A brand of two that shares one character, the rest equal."""
    if len(parts.brand) != len("蓝海") or parts.brand not in name:
        return ""
    return replaced(parts, name, choose, lambda _: "".join(common()))


def other_contact(name: str, parts: ParsedName, choose: random.Random) -> str:
    """Another agent of the same insurer."""
    others = [person for person in PEOPLE if person != parts.contact]
    return name.replace(parts.contact, choose.choice(others)) if parts.contact else ""


def other_street(name: str, parts: ParsedName, choose: random.Random) -> str:
    """A namesake in another street of the same district."""
    for place in parts.region:
        if place.endswith("街道"):
            return name.replace(place, "".join(choose.choices(common(), k=2)) + "街道", 1)
    return ""


LOOK_ALIKES: dict[str, Vary] = {
    "other trade": other_trade,
    "other branch": other_branch,
    "other number": other_number,
    "other city": other_city,
    "other brand": other_brand,
    "other contact": other_contact,
    "other street": other_street,
}
"""Kind -> how it is written; the company is another one."""
