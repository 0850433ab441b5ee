"""What scheduler does when it hears of something."""

from chassis.inbox import Handler

HANDLERS: dict[str, Handler] = {}
