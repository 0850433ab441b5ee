"""Rules about to-dos and notices: which event makes one, for whom, in which words."""

import string
from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from chassis.rules import Parameter, Rule, Strict, Wrong
from services.activity.domain.settling import Settling

Name = Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]

FIGURES = frozenset(
    {
        "full_name",
        "display_name",
        "due_date",
        "date",
        "month",
        "count",
        "contact",
        "phone",
        "note",
        "case_type",
        "zh",
        "en",
    }
)
"""What the sentence of a notice may quote; what an event does not state is left empty."""


class Notice(Rule):
    """A to-do or notice; its sentences quote figures of the event.

    `to` is the person whom the event is about, the `role` that it is about, or the role `named`
    here, everywhere or in the event's department or team.
    """

    kind: Name
    to: Literal["person", "role", "named"] = "person"
    role: Name | None = None
    scope: Literal["company", "department", "team"] = "company"
    done_by: Literal["follow_up", "valid_follow_up", ""] = ""
    """What closes the task by itself, when its person does it with its customer."""
    except_categories: Parameter[tuple[str, ...]] | None = None
    """Customers of these categories make no task: what the clock threatens does not befall them."""
    settled_by: tuple[Settling, ...] = ()
    """What else closes the task by itself."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.to == "named") != (self.role is not None):
            raise Wrong(
                "通知指定角色的须写明角色，其他的不得写",
                "a notice to a named role names it, no other does",
            )
        for sentence in (self.zh, self.en):
            quoted = {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
            if unknown := sorted(quoted - FIGURES):
                raise Wrong(
                    f"没有这些数据：{'、'.join(unknown)}", f"no such figures: {', '.join(unknown)}"
                )
        return self


class TaskRules(Strict):
    """The notices of each event. Clocks are known by their names in the scheduler's section."""

    clock_warned: dict[str, Notice]
    clock_due: dict[str, Notice]
    lead_contact: Notice
    lead_add_customer: Notice
    case_overdue: Notice
    run_stopped: Notice
    run_overdue: Notice
    unmaintained: Notice
    departed: Notice
    """Somebody left, or left sales."""
    spot_check_missed: Notice

    def settled_by(self, event_type: str) -> Iterator[tuple[str, Settling]]:
        """Yield the kinds of tasks that an event of this type settles, and how."""
        found = {
            (notice.kind, settling)
            for notice in self._notices()
            for settling in notice.settled_by
            if settling.on == event_type
        }
        yield from sorted(found, key=lambda one: (one[0], one[1].subject, one[1].and_earlier))

    def _notices(self) -> Iterator[Notice]:
        for name in type(self).model_fields:
            here = getattr(self, name)
            yield from [here] if isinstance(here, Notice) else here.values()
