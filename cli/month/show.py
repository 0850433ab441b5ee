"""How the month is shown: a line for each day while it is played, then the sums."""

from collections import Counter
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from cli.month.days import Day
from cli.month.tally import COLUMNS, Clause
from cli.pack_file import Pack
from cli.refusals import Language
from cli.tables import WIDE

WORDS: Mapping[str, tuple[str, str]] = {
    "day": ("日期", "day"),
    "valid": ("有效跟进", "valid"),
    "invalid": ("无效", "invalid"),
    "admitted": ("入库", "admitted"),
    "refused": ("拒绝", "refused"),
    "released": ("放弃", "released"),
    "warned": ("预警", "warned"),
    "reclaimed": ("收回", "reclaimed"),
    "kept": ("保住", "kept"),
    "distributed": ("分配", "distributed"),
    "routed": ("来电", "leads"),
    "rulings": ("裁决", "rulings"),
    "penalties": ("违规", "violations"),
    "holiday": ("节假日", "holiday"),
    "made_up": ("调休上班", "make-up day"),
    "clause": ("条款", "clause"),
    "outcomes": ("结果", "outcomes"),
    "said": ("规则", "what it says"),
    "total": ("合计", "total"),
}
WEEKDAYS = (
    ("周一", "Mon"), ("周二", "Tue"), ("周三", "Wed"), ("周四", "Thu"),
    ("周五", "Fri"), ("周六", "Sat"), ("周日", "Sun"),
)  # fmt: skip
SATURDAY = 5


def word(name: str, language: Language) -> str:
    """Return a word of the table in a language."""
    return WORDS[name][language == "en"]


class Month:
    """The table of days, growing while the month is played."""

    def __init__(self, days: int, language: Language) -> None:
        self.language: Language = language
        self.total: Counter[str] = Counter()
        console = Console(markup=False, emoji=False)
        if not console.is_terminal:
            console = Console(markup=False, emoji=False, width=WIDE)
        self.console = console
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        self._progress = Progress(*columns, TimeElapsedColumn(), console=console)
        self._task = self._progress.add_task(word("day", language), total=days)
        self._table = Table(box=None, header_style="bold", padding=(0, 1))
        self._table.add_column(word("day", language))
        for name in COLUMNS:
            self._table.add_column(word(name, language), justify="right")
        self._live = Live(Group(self._table, self._progress), console=console, refresh_per_second=4)

    def __enter__(self) -> "Month":
        if self.console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.console.is_terminal:
            self._live.stop()
        else:
            self.console.print(self._table)

    def add(self, day: Day, counted: Counter[str]) -> None:
        """Add a day's line; Monday begins a new block."""
        self.total += counted
        english = self.language == "en"
        label = f"{day.date:%m-%d} {WEEKDAYS[day.date.weekday()][english]}"
        if day.name:
            label += f" {word(day.name, self.language)}"
        style = "" if day.working else "dim"
        if day.date.weekday() == 0 and day.number > 1:
            self._table.add_section()
        self._table.add_row(label, *_cells(counted), style=style)
        self._progress.advance(self._task)

    def finish(self) -> None:
        """Add the line of sums."""
        self._table.add_section()
        label = word("total", self.language)
        self._table.add_row(label, *_cells(self.total), style="bold")


def _cells(counted: Counter[str]) -> list[str]:
    return [str(counted[name]) if counted[name] else "·" for name in COLUMNS]


def show_clauses(
    console: Console, clauses: Mapping[str, Clause], pack: Pack, language: Language
) -> None:
    """Print how often every clause decided what, and what the pack says of it."""
    table = Table(box=None, header_style="bold", padding=(0, 1))
    table.add_column(word("clause", language), no_wrap=True)
    table.add_column(word("outcomes", language))
    table.add_column(word("said", language))
    sentences = rule_sentences(pack, language)
    for name, clause in clauses.items():
        counted = ", ".join(f"{count} {what}" for what, count in clause.outcomes.most_common())
        said = clause.sentence(language == "en") or sentences.get(name, "")
        table.add_row(name, counted, said)
    console.print(table)


def rule_sentences(pack: Pack, language: Language) -> dict[str, str]:
    """Return, by clause, the sentence of the rule that speaks most of it alone."""
    found: dict[str, tuple[tuple[bool, int], str]] = {}

    def look(node: Any) -> None:
        if isinstance(node, dict):
            rank = bool(node.get("ours")), len(node.get("clauses", ()))
            for clause in node.get("clauses", ()) if "zh" in node else ():
                if clause not in found or rank < found[clause][0]:
                    found[clause] = rank, node[language]
            for value in node.values():
                look(value)
        elif isinstance(node, list | tuple):
            for value in node:
                look(value)

    for section in pack.sections.values():
        look(section.to_json())
    return {clause: sentence for clause, (_, sentence) in found.items()}
