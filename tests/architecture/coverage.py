"""Writes docs/coverage.md: every clause of the pack with the acceptance tests of its name.

Run as `python -m tests.architecture.coverage` after adding a clause or a test.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from chassis.rules import Rule
from tests.platform import SERVICES, haixin

ROOT = Path(__file__).parents[2]
ACCEPTANCE = ROOT / "tests" / "acceptance"
PAGE = ROOT / "docs" / "coverage.md"
HEAD = """# Every clause and its test

Written by `python -m tests.architecture.coverage`; a test compares it. A clause is quoted by the
pack `haixin-pool`; its tests in `tests/acceptance` bear its id as their name and enter by gRPC.

| clause | what the pack says | tests |
|---|---|---|
"""


def clauses_of(value: Any) -> Iterator[tuple[str, Rule]]:
    """Yield every clause id that a rule anywhere in `value` quotes, with the rule."""
    if isinstance(value, Rule):
        yield from ((clause, value) for clause in value.clauses)
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from clauses_of(getattr(value, name))
    elif isinstance(value, dict):
        for item in value.values():
            yield from clauses_of(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from clauses_of(item)


def rules_in_force() -> dict[str, Rule]:
    """Return the clause ids that the engines decide by, each with the rule that is nearest to it.

    Of the rules that quote a clause the one that quotes the fewest others says most about it.
    """
    sections = haixin().sections
    found: dict[str, Rule] = {}
    for service in SERVICES:
        rules = service.policy.model_validate(sections[service.name].rules)
        for clause, rule in clauses_of(rules):
            known = found.setdefault(clause, rule)
            if len(rule.clauses) < len(known.clauses):
                found[clause] = rule
    return found


def acceptance_tests() -> dict[str, list[str]]:
    """Return the acceptance tests by the stem that names their clause, `H_2_2a`."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(ACCEPTANCE.glob("test_*.py")):
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.M):
            stem = re.match(r"test_([A-Z]_\d+(?:_n?\d+)*[a-z]?\d*)_", name)
            if stem:
                found[stem.group(1)].append(f"{path.name}::{name}")
    return found


def stem_of(clause: str) -> str:
    """Return how a test's name spells a clause id."""
    return re.sub("[-.]", "_", clause)


def page() -> str:
    """Return the whole page."""
    tests = acceptance_tests()
    rules = rules_in_force()
    lines = [
        f"| {clause} | {rules[clause].zh} {rules[clause].en} | "
        + "<br>".join(f"`{test}`" for test in tests.get(stem_of(clause), ()))
        + " |"
        for clause in sorted(rules, key=_in_order)
    ]
    return HEAD + "\n".join(lines) + "\n"


def _in_order(clause: str) -> list[tuple[int, int, str]]:
    parts = re.findall(r"\d+|[a-zA-Z]+", clause)
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
