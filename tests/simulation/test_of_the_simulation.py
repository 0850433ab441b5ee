"""The simulation notices what it is there to notice."""

import pytest
from sqlalchemy.dialects import sqlite

from chassis import inbox, tables
from services.customers.store import identities
from services.ownership.store import quotas
from tests.simulation.schedule import simulate

SEEDS = 100


def simulate_some() -> None:
    for seed in range(SEEDS):
        simulate(seed)


def test_it_fails_when_repeated_messages_are_handled_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without the inbox's memory some event takes effect twice."""
    insert = sqlite.insert(tables.inbox)
    always = insert.on_conflict_do_update(
        index_elements=["consumer", "event_id"],
        set_={"done_at": insert.excluded.done_at, "next_at": None, "parked_at": None},
    )
    monkeypatch.setitem(inbox._CLAIM, "sqlite", always)  # noqa: SLF001
    with pytest.raises(AssertionError, match=r"^seed "):
        simulate_some()


def test_it_fails_when_a_slot_is_taken_without_asking_the_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A grant above the limit is noticed, though every counter agrees with what is held."""

    def hold(uow: object, staff_id: str, limit: object) -> None:
        quotas.change(uow, staff_id, held=1)  # type: ignore[arg-type]

    monkeypatch.setattr(quotas, "hold_slot", hold)
    with pytest.raises(AssertionError, match=r"I2 limit"):
        simulate_some()


def test_it_fails_when_a_closed_case_frees_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reservation that outlives its case is noticed."""
    monkeypatch.setattr(identities, "close_case", lambda uow, case_id: None)
    with pytest.raises(AssertionError, match=r"no identity leaks"):
        simulate_some()
