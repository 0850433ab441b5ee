"""Where companies are: divisions by code, and cities by name."""

from functools import cache

from services.customers.domain import tables


@cache
def city_codes() -> dict[str, str]:
    """Return short name -> code of the prefectures whose short name is theirs alone."""
    found = {}
    for name, codes in tables.regions().items():
        (code, *more) = sorted(codes)
        if not more and len(code) == len("5101"):
            found[tables.region_shorts().get(name, name)] = code
    return found


@cache
def division_names() -> dict[str, str]:
    """Return code -> full name of the divisions."""
    whole = tables.region_shorts()
    return {c: name for name, codes in tables.regions().items() if name in whole for c in codes}
