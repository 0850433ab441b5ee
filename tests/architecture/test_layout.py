"""The checkout stays readable: short modules, short recipes, names that say something."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(
    path for place in ("chassis", "services", "cli") for path in (ROOT / place).rglob("*.py")
)
VAGUE = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}
RECIPES = re.findall(r"^([\w%./-]+):[^=\n]*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.M)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_shorter_than_300_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) < 300


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [path for path in MODULES if VAGUE.intersection(path.relative_to(ROOT).parts)] == []
    assert [path for path in MODULES if path.stem in VAGUE] == []


@pytest.mark.parametrize("name, recipe", RECIPES)
def test_a_recipe_has_at_most_four_lines(name: str, recipe: str) -> None:
    assert recipe.count("\n") <= 4


def test_every_make_target_is_explained() -> None:
    text = (ROOT / "Makefile").read_text()
    phony = re.findall(r"^\.PHONY: (.*)$", text, re.M)[0].split()
    unexplained = [
        name
        for name in phony
        if name != "always" and not re.search(rf"^{name}:.*## \S", text, re.M)
    ]
    assert unexplained == []
