"""The rule groups of what happens on time: reclaiming, distribution, and the runs that do it."""

from typing import Literal

from chassis.rules import Parameter, Permission, PermissionParameter, RoleParameter, Rule, Strict


class ReclaimRules(Strict):
    """Who loses a customer for want of follow-ups, where it goes, and when a run stops itself."""

    mode: Parameter[Literal["automatic_and_spot_check", "spot_check"]]
    exclude_categories: Parameter[tuple[str, ...]]
    overdue: Rule
    followed_up: Rule
    route: Parameter[Literal["awaiting_distribution", "public_pool"]]
    breaker_share: Parameter[int]
    breaker_from: Parameter[int]
    breaker_decider: PermissionParameter


class DistributionRules(Strict):
    """How customers that wait with Customer Service come to reps again."""

    planner: RoleParameter
    collector: RoleParameter
    not_back: Parameter[bool]
    distributed: Rule
    nobody_left: Rule
    overdue: Rule


class RunRules(Strict):
    """Who sees the runs, and who may undo one."""

    read: Permission
    undo: Permission
