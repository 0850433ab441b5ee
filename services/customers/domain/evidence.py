"""What speaks for and against two names being one organisation's."""

from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from services.customers.domain import tables
from services.customers.domain.alignment import align
from services.customers.domain.names import ParsedName
from services.customers.domain.trades import figures, split_trade, weights
from services.customers.domain.words import BRANCH_FORMS, SHOP_FORMS

FOR = ("core", "core_contained", "brand", "sound", "look", "whole", "abbreviation", "branch")
AGAINST = (
    "region_within",
    "region_one",
    "region_differs",
    "zone_differs",
    "branch_one",
    "branch_differs",
    "ordinal_differs",
    "form_differs",
    "shop_differs",
    "trade_differs",
    "contact_differs",
    "contact_one",
)
EVIDENCE = FOR + AGAINST
"""The names of the evidence, in the order in which `weigh` returns it."""

Evidence = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """A name as it is compared: numerals in digits, the parts that comparison needs at hand.

    `whole` is region, core and branch; `place` the branch without its form; `zones` are the
    places that are no divisions: streets, towns, development zones.
    """

    name: ParsedName
    core: str
    weights: tuple[float, ...]
    brand: str
    trade: str
    whole: str
    place: str
    zones: frozenset[str]
    shop: bool


def profile(name: ParsedName) -> Profile:
    """Prepare a name for comparison."""
    core, branch = figures(name.core), figures(name.branch)
    brand, trade = split_trade(core)
    divisions = tables.regions()
    return Profile(
        name=name,
        core=core,
        weights=weights(core),
        brand=brand,
        trade=trade,
        whole="".join(name.before) + core + branch,
        place=_place(branch),
        zones=frozenset(place for place in name.region if place not in divisions),
        shop=name.legal_form.endswith(SHOP_FORMS),
    )


def weigh(a: Profile, b: Profile) -> Evidence:
    """Return the evidence about two names in the order of `EVIDENCE`, each from 0 to 1.

    Symmetric in the names. `core` is the part of both cores that is aligned, by weight;
    `core_contained` how much more of one core is found in the other than of both together.
    `brand`, `branch`, `whole` are the likeness of the brands, of the branches' places, of the
    whole names; `sound` and `look` the parts of the cores that are written otherwise and read
    alike, or look alike; `abbreviation` the part of the shorter name that stands in the
    longer, in order. `branch_differs` and `trade_differs` tell how much of the shorter one
    does not stand in the other; the rest is yes (1) or no (0).
    """
    cores = align(a.core, b.core, a.weights, b.weights)
    relation = region_relation(a.name, b.name)
    branch_differs, ordinal_differs = _branches(a, b)
    form_a, form_b = a.name.legal_form, b.name.legal_form
    contact_a, contact_b = a.name.contact, b.name.contact
    return (
        cores.common,
        cores.most - cores.common,
        fuzz.ratio(a.brand, b.brand) / 100,
        cores.sound,
        cores.look,
        fuzz.ratio(a.whole, b.whole) / 100,
        _part(a.whole, b.whole),
        fuzz.ratio(a.place, b.place) / 100 if a.place and b.place else 0.0,
        float(relation == "within"),
        float(relation == "one"),
        float(relation == "differs"),
        float(zones_differ(a, b)),
        float(bool(a.place) != bool(b.place)),
        branch_differs,
        float(cores.ordinal or ordinal_differs),
        float(bool(form_a) and bool(form_b) and form_a != form_b),
        float(bool(form_a) and bool(form_b) and a.shop != b.shop),
        1 - _part(a.trade, b.trade) if a.trade and b.trade else 0.0,
        float(bool(contact_a) and bool(contact_b) and contact_a != contact_b),
        float(bool(contact_a) != bool(contact_b)),
    )


def same_branch(a: ParsedName, b: ParsedName) -> bool:
    """Whether two names state the same branch, or neither one; whatever form it is given."""
    return _place(figures(a.branch)) == _place(figures(b.branch))


def region_relation(a: ParsedName, b: ParsedName) -> str:
    """Return how the regions stand to each other: equal, within, differs, one, or nothing."""
    if not a.places or not b.places:
        return "one" if a.places or b.places else ""
    if a.places == b.places:
        return "equal"
    related = any(p.startswith(q) or q.startswith(p) for p in a.places for q in b.places)
    return "within" if related else "differs"


def zones_differ(a: Profile, b: Profile) -> bool:
    """Whether both names state streets, towns or development zones, and not the same."""
    return bool(a.zones and b.zones and a.zones != b.zones)


def _branches(a: Profile, b: Profile) -> tuple[float, bool]:
    """Return how much the branches differ, and whether a numeral does."""
    if not a.place or not b.place or a.place == b.place:
        return 0.0, False
    return 1 - _part(a.place, b.place), _digits(a.place) != _digits(b.place)


def _digits(text: str) -> str:
    return "".join(ch for ch in text if ch.isdigit())


def _place(branch: str) -> str:
    """Return a branch without its form: 诸暨支行 is in 诸暨."""
    if not branch.endswith(BRANCH_FORMS):
        return branch
    for form in BRANCH_FORMS:
        if branch.endswith(form) and len(branch) > len(form):
            return branch[: -len(form)]
    return branch


def _part(a: str, b: str) -> float:
    """Return the part of the shorter text that stands in the longer one, in order."""
    shorter = min(len(a), len(b))
    return LCSseq.similarity(a, b) / shorter if shorter else 0.0
