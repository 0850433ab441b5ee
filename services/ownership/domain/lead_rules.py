"""How inbound leads are routed, and who is on duty: the rules."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from chassis.rules import Parameter, Permission, Rule, Strict, Wrong

Route = Literal["holder", "pool_to_duty", "new_to_duty"]
Scheme = Literal["top10", "groups"]
Count = Annotated[int, Field(ge=1, le=1000)]
Groups = Count | Annotated[tuple[str, ...], Field(min_length=1)]


class RouteRules(Strict):
    """What each route rests on."""

    holder: Rule
    pool_to_duty: Rule
    new_to_duty: Rule


class InboundRules(Strict):
    """Who takes inbound calls and trials, and whom they go to: the first route that fits."""

    permission: Permission
    read: Permission
    check_required: Rule
    order: Parameter[tuple[Route, ...]]
    routes: RouteRules

    @model_validator(mode="after")
    def _once(self) -> Self:
        if len(set(self.order.value)) < len(self.order.value):
            raise Wrong("同一去向列出两次", "a route is named twice")
        return self


class RotaRules(Strict):
    """Who is on duty in a week, and whose turn it is.

    `groups` is a number of groups in the order of their names, or their names `department/team`
    in the order of their turns.
    """

    scheme: Parameter[Scheme]
    size: Parameter[Count]
    groups: Parameter[Groups]
    week: Parameter[Literal["Monday-Sunday"]]
    performance_period: Parameter[
        Literal["previous_calendar_month", "previous_three_calendar_months"]
    ]
    filter_order: Parameter[Literal["rank_then_filter", "filter_then_rank"]]
    unassessed: Parameter[Literal["eligible", "not_eligible"]]
    cheat_ban_days: Parameter[Annotated[int, Field(ge=0, le=3650)]]
    turn: Rule
    groups_turn: Rule
    read: Permission
    reinstate: Permission
    read_bans: Permission

    def turn_rule(self, scheme: str) -> Rule:
        """Return the rule by which leads go round in a scheme."""
        return self.groups_turn if scheme == "groups" else self.turn
