"""The activity section of a policy pack."""

from chassis.rules import PolicySection


class ActivityPolicy(PolicySection):
    """Everything activity decides by."""
