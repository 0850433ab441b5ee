"""How people write the name of a company that is known: kind by kind, by a seed."""

import random
from collections.abc import Callable

from cli.matcher.confusable import by_look, by_sound, common, traditional
from cli.matcher.places import division_names
from cli.matcher.population import PEOPLE
from services.customers.domain import tables
from services.customers.domain.names import ParsedName, parse

Vary = Callable[[str, ParsedName, random.Random], str]
"""Name, its parts, chance -> the name as somebody else writes it; "" where it cannot be."""

COMPANY = "公司"
FORMS = ("有限公司", "有限责任公司", "股份有限公司", "集团有限公司", "（集团）有限公司")
FILLERS = ("投资", "实业", "发展", "集团", "国际", "控股", "科技", "管理")
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
DIGITS = "一二三四五六七八九"


def sound(name: str, parts: ParsedName, choose: random.Random) -> str:
    """A character of the brand is heard right and written wrong."""
    alike = by_sound()
    return replaced(parts, name, choose, lambda ch: alike.get(tables.pinyin().get(ch, ""), ""))


def glyph(name: str, parts: ParsedName, choose: random.Random) -> str:
    """A character of the brand is another that looks like it: the same right or left half."""
    return replaced(parts, name, choose, lambda ch: by_look().get(ch, ""))


def wrong(name: str, parts: ParsedName, choose: random.Random) -> str:
    """A character of a brand of three or more is any other."""
    if len(parts.brand) <= len("蓝海"):
        return ""
    return replaced(parts, name, choose, lambda _: "".join(common()))


def lost(name: str, parts: ParsedName, choose: random.Random) -> str:
    """A character behind the first is left out."""
    if len(parts.core) <= len("蓝海科"):
        return ""
    at = name.find(parts.core)
    if at < 0:
        return ""
    at += choose.randrange(1, len(parts.core))
    return name[:at] + name[at + 1 :]


def script(name: str, parts: ParsedName, choose: random.Random) -> str:
    """The name is written in traditional characters."""
    return name.translate(traditional())


def width(name: str, parts: ParsedName, choose: random.Random) -> str:
    """Spaces, full width, and other brackets."""
    at = choose.randrange(1, len(name))
    written = name[:at] + choose.choice((" ", "\u3000", "\u200b")) + name[at:]
    return written.replace("（", "【").replace("）", "】").translate(FULL_WIDTH)


def form(name: str, parts: ParsedName, choose: random.Random) -> str:
    """Another legal form, or none."""
    if not parts.legal_form.endswith(COMPANY) or parts.branch or parts.legal_form not in name:
        return ""
    others = [other for other in (*FORMS, "") if other != parts.legal_form]
    return name.replace(parts.legal_form, choose.choice(others))


def region_left_out(name: str, parts: ParsedName, choose: random.Random) -> str:
    """Where the company is goes unsaid."""
    head = name.find(parts.core)
    return name[head:] if head > 0 and parts.region and "（" not in name[:head] else ""


def region_moved(name: str, parts: ParsedName, choose: random.Random) -> str:
    """The place stands in brackets behind the brand or at the end of the core."""
    rest = region_left_out(name, parts, choose)
    if not rest or not parts.brand or parts.core.startswith(parts.region[-1]):
        return ""
    cut = len(choose.choice((parts.brand, parts.core)))
    return f"{rest[:cut]}（{parts.region[-1]}）{rest[cut:]}"


def region_changed(name: str, parts: ParsedName, choose: random.Random) -> str:
    """The place is written longer or shorter: 成都, 成都市, 四川省成都市, 四川."""
    rest = region_left_out(name, parts, choose)
    codes = sorted(parts.places)
    if not rest or len(codes) != 1 or parts.core.startswith(parts.region[-1]):
        return ""
    whole = division_names()
    chain = [
        whole[codes[0][:end]] for end in range(2, len(codes[0]) + 1, 2) if codes[0][:end] in whole
    ]
    shorts = tables.region_shorts()
    ways = {
        "".join(chain),
        "".join(shorts[p] for p in chain),
        chain[-1],
        shorts[chain[-1]],
        chain[0],
    }
    ways.discard(name[: len(name) - len(rest)])
    return choose.choice(sorted(ways)) + rest if ways else ""


def branch(name: str, parts: ParsedName, choose: random.Random) -> str:
    """Of a branch: the head office's form is left out, or the branch's place is written longer."""
    if not parts.branch or not parts.legal_form or parts.legal_form not in name:
        return ""
    return name.replace(parts.legal_form, choose.choice(("", "有限公司")), 1)


def abbreviation(name: str, parts: ParsedName, choose: random.Random) -> str:
    """What people say: place and brand, brand and trade, without a form."""
    if parts.branch or len(parts.brand) < len("蓝海") or not parts.trade:
        return ""
    place = parts.region[-1] if parts.region and not parts.core.startswith(parts.region[-1]) else ""
    if not place:
        return parts.core
    return choose.choice((place + parts.brand, place + parts.brand + parts.trade[:2], parts.core))


def filler(name: str, parts: ParsedName, choose: random.Random) -> str:
    """A general word too many, or one that is missing."""
    if not parts.legal_form or parts.branch or parts.legal_form not in name:
        return ""
    for word in FILLERS:
        if word in parts.trade and parts.trade != word:
            return name.replace(word, "", 1)
    at = name.rfind(parts.legal_form)
    return name[:at] + choose.choice(FILLERS) + name[at:]


def contact(name: str, parts: ParsedName, choose: random.Random) -> str:
    """Whom to ask for stands behind the name."""
    return "" if parts.contact else f"{name}（{choose.choice(PEOPLE)}）"


def digits(name: str, parts: ParsedName, choose: random.Random) -> str:
    """Numerals in digits."""
    at = name.find(parts.core)
    written = parts.core.translate(str.maketrans(DIGITS, "123456789"))
    return name[:at] + written + name[at + len(parts.core) :] if at >= 0 else ""


def several(name: str, parts: ParsedName, choose: random.Random) -> str:
    """Two of them at once."""
    first, second = choose.sample((sound, form, region_changed, region_moved, script, filler), 2)
    once = first(name, parts, choose)
    return second(once, parse(once), choose) if once else ""


def replaced(
    parts: ParsedName, name: str, choose: random.Random, others: Callable[[str], str]
) -> str:
    """Return the name with one character of its brand replaced by one of `others` of it."""
    at = name.find(parts.brand)
    if at < 0 or parts.brand in tables.regions():
        return ""
    places = [place for place, ch in enumerate(parts.brand) if set(others(ch)) - {ch}]
    if not places:
        return ""
    place = choose.choice(places)
    other = choose.choice(sorted(set(others(parts.brand[place])) - {parts.brand[place]}))
    return name[: at + place] + other + name[at + place + 1 :]


VARIATIONS: dict[str, Vary] = {
    "sound": sound,
    "glyph": glyph,
    "wrong character": wrong,
    "lost character": lost,
    "traditional script": script,
    "width and space": width,
    "legal form": form,
    "region left out": region_left_out,
    "region moved": region_moved,
    "region changed": region_changed,
    "branch": branch,
    "abbreviation": abbreviation,
    "filler": filler,
    "contact": contact,
    "digits": digits,
    "several": several,
}
"""Kind -> how it is written; the company is the same."""
