"""What the scheduler does when it hears of something."""

from chassis.inbox import Handler
from services.scheduler.app.hearing import hear, place_staff
from services.scheduler.domain.heard import HEARD

HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(HEARD, hear),
    "crm.ownership.staff.changed.v1": place_staff,
}
