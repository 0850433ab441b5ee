"""The scheduler section of a policy pack."""

from chassis.rules import PolicySection


class SchedulerPolicy(PolicySection):
    """Everything scheduler decides by."""
