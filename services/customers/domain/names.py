"""What a Chinese organisation's name is made of.

A name as registered is region + core + legal form, then perhaps a branch; a contact
person may follow in brackets (insurance), and a region may stand in brackets inside.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from services.customers.domain import tables
from services.customers.domain.folding import bare, fold
from services.customers.domain.trades import only_trade, split_trade
from services.customers.domain.words import (
    BRACKETED_FORMS,
    BRANCH_FORMS,
    COMPANY_FORMS,
    FOREIGN_FORMS,
    HEADS,
    PLACED_FORMS,
    SHOP_FORMS,
)

HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
NUMBER = re.compile("[0-9]+|[〇零一二两三四五六七八九十壹贰叁肆伍陆柒捌玖拾]+")
GROUP = re.compile(r"\(([^()]*)\)")
LAST_GROUP = re.compile(r"\(([^()]*)\)$")
PERSON = re.compile(rf"[{HAN}]{{2,4}}|[{HAN}a-z]+(?:·[{HAN}a-z]+)+|[a-z]{{2,20}}")
ZONE = re.compile(
    rf"[{HAN}]{{0,4}}?(?:高新技术产业开发区|经济技术开发区|高新区|经开区|开发区|新区)"
    rf"|[{HAN}]{{2,4}}?街道|[{HAN}]{{2}}镇"
)
"""Zones, streets and towns: places below the counties, or outside the official list."""

GROUPS = "集团"
MIN_CORE = 2
MAX_BRANCH = 40
MAX_PARSED = 400
"""Longer than any name: what follows stays in the core unread."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """A piece of a name that comparison leaves aside: which part it is, and its text."""

    part: str
    text: str


@dataclass(frozen=True, slots=True)
class ParsedName:
    """A folded name in parts. Every part is folded; absent parts are empty.

    `region` holds short names from large to small; `places` the codes they may stand
    for (GB/T 2260 without trailing zeros). `branch` has its regions shortened.
    `core` is never empty unless the whole name is; where nothing but a trade is left, the
    last region is its brand and stays in it (上海银行). `ignored` repeats, in order, what
    the core leaves out.
    """

    region: tuple[str, ...]
    core: str
    legal_form: str
    branch: str
    contact: str
    ignored: tuple[Ignored, ...]
    places: frozenset[str] = frozenset()

    @property
    def before(self) -> tuple[str, ...]:
        """The regions without the one that is the core's brand."""
        return self.region[:-1] if self.core.startswith(self.region[-1:]) else self.region

    @property
    def brand(self) -> str:
        """The beginning of the core, without the words of its trade."""
        return split_trade(self.core)[0]

    @property
    def trade(self) -> str:
        """The words of its trade at the core's end; may be empty."""
        return split_trade(self.core)[1]


@dataclass(frozen=True, slots=True)
class _Regions:
    shorts: tuple[str, ...] = ()
    places: frozenset[str] = frozenset()
    rest: str = ""


NOWHERE = _Regions()


@lru_cache(maxsize=65_536)
def parse(name: str) -> ParsedName:
    """Take a name apart. Never raises, whatever the string; names come up again and again."""
    folded = fold(name)
    text, tail = folded[:MAX_PARSED], folded[MAX_PARSED:]
    text, contact = _take_contact(text)
    text, moved, bracketed = _take_brackets(text)
    head, branch_text = _split_branch(text)
    head, form = _take_form(head)
    found = _take_regions(head)
    inside = _take_regions(moved, least=0)
    branch = _take_regions(branch_text)
    core = found.rest + bare(tail)
    if found.shorts and only_trade(core):
        core = found.shorts[-1] + core
    shorts = found.shorts + tuple(s for s in inside.shorts if s not in found.shorts)
    form = form + bracketed
    return ParsedName(
        region=shorts,
        core=core or bare(folded),
        legal_form=form,
        branch="".join(branch.shorts) + branch.rest,
        contact=contact,
        ignored=tuple(
            Ignored(part, text)
            for part, text in (
                ("region", "".join(shorts)),
                ("legal_form", form),
                ("branch", branch_text),
                ("contact", contact),
            )
            if text and core
        ),
        places=_narrowest(found.places | inside.places or branch.places),
    )


def contact_of(name: str) -> str:
    """Return the folded contact person at the end of a name in brackets, or nothing."""
    return _take_contact(fold(name))[1]


def _take_contact(text: str) -> tuple[str, str]:
    found = LAST_GROUP.search(text)
    if not found or not found.start():
        return text, ""
    inner = found[1]
    if not PERSON.fullmatch(inner) or inner in BRACKETED_FORMS or inner in tables.regions():
        return text, ""
    if inner.endswith((*SHOP_FORMS, *COMPANY_FORMS)):
        return text, ""
    return text[: found.start()], inner


def _take_brackets(text: str) -> tuple[str, str, str]:
    """Return the text without brackets, the regions and the legal forms that stood in them."""
    moved, forms = "", ""
    if "(" not in text:
        return bare(text), "", ""

    def settle(found: re.Match[str]) -> str:
        nonlocal moved, forms
        inner = found[1]
        if inner in BRACKETED_FORMS:
            forms += inner
            return ""
        if found.start() and not _take_regions(inner, least=0).rest:
            moved += inner
            return ""
        return inner

    return bare(GROUP.sub(settle, text)), moved, forms


def _split_branch(text: str) -> tuple[str, str]:
    at = text.rfind("公司")
    if text.endswith(("分公司", "支公司")):
        at = text.rfind("公司", 0, at)
    if at > 0:
        end = at + 2
        return (text[:end], text[end:]) if 0 < len(text) - end <= MAX_BRANCH else (text, "")
    if not text.endswith(BRANCH_FORMS):
        return text, ""
    for head in HEADS:
        at = text.find(head)
        if at >= MIN_CORE and at + len(head) < len(text):
            return text[: at + len(head)], text[at + len(head) :]
    return _split_at_place(text)


def _split_at_place(text: str) -> tuple[str, str]:
    """Split behind a group or a bank's short name, or before the place that a branch is of.

    江西煤业集团|运输分公司, 农行|民族支行, 蓝海科技|延边州分公司.
    """
    form = _ending(text, PLACED_FORMS)
    if not form:
        return text, ""
    end = len(text) - len(form)
    group = text.find(GROUPS) + len(GROUPS)
    if group >= MIN_CORE + len(GROUPS) and group < end:
        return text[:group], text[group:]
    if form.endswith("行") and text[1] == "行":
        return text[:MIN_CORE], text[MIN_CORE:]
    for at in range(MIN_CORE, end - 1):
        place = _take_regions(text[at:end], least=0).places
        if place and _take_regions(text[:at], least=0).rest:
            return text[:at], text[at:]
    return text, ""


def _take_form(text: str) -> tuple[str, str]:
    rest, forms = text, ""
    while ending := _ending(rest, COMPANY_FORMS) or _ending(rest, FOREIGN_FORMS):
        if len(rest) - len(ending) < MIN_CORE:
            break
        rest, forms = rest[: -len(ending)], ending + forms
    if not forms:
        ending = _ending(rest, SHOP_FORMS)
        if ending and not rest.endswith("银行") and len(rest) - len(ending) >= MIN_CORE:
            rest, forms = rest[: -len(ending)], ending
    return rest, forms


def _ending(text: str, endings: tuple[str, ...]) -> str:
    return next((e for e in endings if text.endswith(e)), "") if text.endswith(endings) else ""


def _take_regions(text: str, least: int = MIN_CORE) -> _Regions:
    """Take nested regions off the front, as long as `least` characters remain."""
    if not text:
        return NOWHERE
    table, shorts_of = tables.regions(), tables.region_shorts()
    shorts: list[str] = []
    places: frozenset[str] = frozenset()
    while text:
        name, codes = _leading_region(text, places, table, least)
        if not name:
            break
        shorts.append(shorts_of.get(name, name))
        places, text = codes, text[len(name) :]
        zone = ZONE.match(text)
        if zone and len(text) - zone.end() >= least:
            shorts.append(zone[0])
            text = text[zone.end() :]
    return _Regions(tuple(shorts), places, text)


def _leading_region(
    text: str, within: frozenset[str], table: dict[str, frozenset[str]], least: int
) -> tuple[str, frozenset[str]]:
    for length in tables.region_lengths().get(text[:2], ()):
        if len(text) - length < least:
            continue
        codes = table.get(text[:length])
        if codes and within:
            codes = frozenset(c for c in codes if any(c.startswith(w) and c != w for w in within))
        if codes:
            return text[:length], codes
    return "", frozenset()


def _narrowest(places: frozenset[str]) -> frozenset[str]:
    return frozenset(p for p in places if not any(q != p and q.startswith(p) for q in places))
