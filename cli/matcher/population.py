"""Names of companies that could exist among those that do: many, all different, by a seed."""

import random
from collections.abc import Iterator, Sequence
from itertools import islice

from cli.matcher.data import Data
from services.customers.domain import tables
from services.customers.domain.names import parse

PLAIN_FORMS = ("有限公司", "有限责任公司", "股份有限公司", "集团有限公司")
SHARES = (80, 12, 5, 3)
BRANCHED = 0.04
BRANCHES = ("分公司", "营业部", "门店", "第一分公司", "第二分公司")
MOVED = 0.08
INSURER = 0.01
PEOPLE = ("李四", "王小明", "代春燕", "张伟", "陈静")
OF_COUNTY = 0.3
BRAND_LENGTHS = range(2, 7)


def populate(data: Data, size: int, seed: int) -> list[str]:
    """Return `size` names: those that labels and lists are about, registered ones, then made ones.

    The same for the same data, size and seed.
    """
    choose = random.Random(seed)  # noqa: S311 - names, no secrets
    asked = dict.fromkeys(full for _, full in data.listed)
    asked |= dict.fromkeys(pair.other for pair in data.pairs)
    registered = [name for name, _ in data.registered if name not in asked]
    choose.shuffle(registered)
    room = max(0, size - len(asked))
    names = [*asked, *registered[: room // 2]]
    if len(names) < size:
        names += islice(made(data, choose, frozenset(names)), size - len(names))
    return names


def made(data: Data, choose: random.Random, without: frozenset[str]) -> Iterator[str]:
    """Yield names without end, made of real brands, trades, forms and places."""
    endings = _endings(data)
    brands = [brand for brand in data.brands if len(brand) in BRAND_LENGTHS]
    cities = _cities()
    seen = set(without)
    while True:
        name = _made(choose, brands, endings, cities)
        if name not in seen:
            seen.add(name)
            yield name


def _made(
    choose: random.Random,
    brands: Sequence[str],
    endings: Sequence[tuple[str, str]],
    cities: Sequence[tuple[str, ...]],
) -> str:
    trade, form = choose.choice(endings)
    form = choose.choices(PLAIN_FORMS, SHARES)[0] if form.endswith("公司") else form
    place = choose.choice(cities)
    brand = choose.choice(brands)
    if choose.random() < MOVED:
        name = (
            f"{brand}{trade}（{place[-1]}）{form}"
            if form.endswith("公司")
            else brand + trade + form
        )
    else:
        name = "".join(_written(part, choose) for part in place) + brand + trade + form
    if form.endswith("公司") and choose.random() < BRANCHED:
        name += choose.choice(choose.choice(cities)) + choose.choice(BRANCHES)
    if form.endswith("公司") and choose.random() < INSURER:
        name += f"（{choose.choice(PEOPLE)}）"
    return name


def _written(place: str, choose: random.Random) -> str:
    return tables.region_shorts()[place] if choose.random() < 1 / 2 else place


def _endings(data: Data) -> list[tuple[str, str]]:
    """Return (trade, legal form) as they go together in real names, as often as they do."""
    names = [name for name, _ in data.registered] + [full for _, full in data.listed]
    parsed = [parse(name) for name in names]
    return [(p.trade, p.legal_form) for p in parsed if p.trade and p.legal_form and not p.branch]


def _cities() -> list[tuple[str, ...]]:
    """Return places: prefectures twice, alone and with their province, and counties."""
    by_code = {code: name for name, codes in tables.regions().items() for code in codes
               if name in tables.region_shorts()}  # fmt: skip
    found: list[tuple[str, ...]] = []
    for code, name in sorted(by_code.items()):
        province, city = by_code.get(code[:2]), by_code.get(code[:4])
        if len(code) == len("5101"):
            found += [(name,)] * 3
            if province:
                found.append((province, name))
        elif len(code) == len("510104") and city and city != name and code.endswith("1"):
            found.append((city, name))
        elif len(code) == len("51"):
            found += [(name,)] * 12
    return found
