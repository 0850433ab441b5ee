"""No clause in force without a test of its name; no parameter of the pack without an engine."""

import re

import pytest

from chassis.policy_faults import parameters_held
from tests.architecture.coverage import PAGE, acceptance_tests, page, rules_in_force, stem_of
from tests.platform import SERVICES, haixin

CLAUSES = sorted(rules_in_force())
ARTICLES = {
    *("H-2.1", "H-2.2", "H-3.1", "H-3.2", "H-3.3", "H-4.1", "H-4.2", "H-4.3", "H-4.4", "H-4.5"),
    *("H-6.1", "H-6.2", "H-6.3", "H-6.4", "H-6.5", "H-6.6", "H-6.7"),
}
"""The articles of the rule book; its fifth does not exist."""


@pytest.mark.parametrize("clause", CLAUSES)
def test_a_clause_in_force_has_a_test_of_its_name(clause: str) -> None:
    assert acceptance_tests()[stem_of(clause)]


def test_no_test_is_named_after_a_clause_that_is_not_in_force() -> None:
    assert acceptance_tests().keys() <= {stem_of(clause) for clause in CLAUSES}


def test_every_article_is_in_force() -> None:
    assert {re.split(r"(?<=\d)[a-z]|\.n\d", clause)[0] for clause in CLAUSES} == ARTICLES


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_parameter_is_in_force() -> None:
    sections = haixin().sections
    for service in SERVICES:
        section = sections[service.name]
        used = {
            held.name for _, held in parameters_held(service.policy.model_validate(section.rules))
        }
        assert used == set(section.parameters), service.name


def test_every_parameter_says_what_it_is() -> None:
    for section in haixin().sections.values():
        for name, parameter in section.parameters.items():
            assert parameter["clauses"], name
            assert re.search(r"[\u4e00-\u9fff]", parameter["zh"]), name
            assert re.search(r"[a-z]", parameter["en"]), name
            assert parameter["unit"], name
