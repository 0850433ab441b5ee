"""What becomes of the customers of people who leave or move, and of reallocations: the rules."""

from chassis.rules import AdministratorPermission, Permission, RoleParameter, Rule, Strict


class DepartureRules(Strict):
    """Who records that a person left, and what that does to the person's customers."""

    record: AdministratorPermission
    frozen: Rule
    keeps_library: Rule


class ReallocationRules(Strict):
    """Who plans a reallocation, what the plan must hold, and who carries it out when."""

    propose: Permission
    complete: Rule
    consent: Rule
    executor: RoleParameter
    read: Permission
