"""The words of notices."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from chassis.kernel import Sentence


def fill(sentence: Sentence, figures: Mapping[str, str]) -> Sentence:
    """Return the sentence with its figures; what is not stated is left empty."""
    known = defaultdict(str, figures)
    return Sentence(sentence.zh.format_map(known), sentence.en.format_map(known))


def due_date(moment: datetime, time_zone: str) -> str:
    """Write a deadline in local time; midnight is the end of the day before."""
    local = moment.astimezone(ZoneInfo(time_zone))
    if (local.hour, local.minute) == (0, 0):
        return f"{local - timedelta(days=1):%Y-%m-%d} 24:00"
    return f"{local:%Y-%m-%d %H:%M}"
