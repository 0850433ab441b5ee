"""The seeded calendar against an independent list of the official days, day by day."""

from datetime import date, timedelta

import chinese_calendar  # type: ignore[import-untyped]
import pytest

from services.scheduler.domain.calendar import DayKind
from services.scheduler.domain.official import official_year
from services.scheduler.domain.terms import Skipped, count_working_days
from tests.unit.scheduler.almanac import china, days, reckoning

MADE_UP = {
    2023: "01-28 01-29 04-23 05-06 06-25 10-07 10-08",
    2024: "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
    2025: "01-26 02-08 04-27 09-28 10-11",
    2026: "01-04 02-14 02-28 05-09 09-20 10-10",
}
"""The weekend days that the State Council made workdays."""


@pytest.mark.parametrize("year", sorted(MADE_UP))
def test_every_day_is_what_the_notice_says(year: int) -> None:
    day, wrong = date(year, 1, 1), []
    while day.year == year:
        if china().works(day) != chinese_calendar.is_workday(day):
            wrong.append(day)
        day += timedelta(days=1)
    assert wrong == []


@pytest.mark.parametrize("year", sorted(MADE_UP))
def test_the_weekends_that_are_worked(year: int) -> None:
    stated = {date.fromisoformat(f"{year}-{text}") for text in MADE_UP[year].split()}
    found = {day.day for day in official_year("CN", year).days if day.working}
    assert found == stated
    assert all(day.weekday() >= 5 for day in found)
    assert not official_year("CN", year).provisional


def test_a_year_without_make_up_workdays_is_provisional() -> None:
    coming = official_year("CN", 2027)
    assert coming.provisional == (not any(day.working for day in coming.days))
    assert official_year("CN", 2035).provisional


def test_every_day_has_its_name_in_two_languages() -> None:
    for year in (*MADE_UP, 2027):
        for day in official_year("CN", year).days:
            assert all((day.zh, day.en)), day
            assert "\n" not in day.zh


def test_an_unknown_country_is_an_error() -> None:
    with pytest.raises(ValueError, match="XX"):
        official_year("XX", 2026)


def test_working_days_are_counted_from_the_day_after() -> None:
    found = count_working_days(reckoning(), date(2026, 3, 2), date(2026, 3, 9))
    assert len(found.counted) == 5  # H-6.3c: signed on the fifth working day
    assert found.skipped == tuple(
        (day, Skipped.NOT_WORKED) for day in (date(2026, 3, 7), date(2026, 3, 8))
    )
    assert len(count_working_days(reckoning(), date(2026, 3, 2), date(2026, 3, 10)).counted) == 6
    leave = reckoning(days("2026-03-04"))
    away = count_working_days(leave, date(2026, 3, 2), date(2026, 3, 9))
    assert len(away.counted) == 4
    assert away.skipped[0] == (date(2026, 3, 4), Skipped.LEAVE)
    assert count_working_days(reckoning(), date(2026, 3, 2), date(2026, 3, 2)).counted == ()


@pytest.mark.parametrize(
    "day, kind",
    [
        ("2026-03-02", DayKind.WORKING_DAY),
        ("2026-03-07", DayKind.WEEKEND),
        ("2026-02-17", DayKind.HOLIDAY),
        ("2026-10-03", DayKind.HOLIDAY),  # a Saturday of the holiday
        ("2026-02-14", DayKind.MAKE_UP_DAY),
    ],
)
def test_a_day_is_of_one_kind(day: str, kind: DayKind) -> None:
    assert china().kind_of(date.fromisoformat(day)) is kind
