"""The gateway as a service that hears of events. It announces none and has no policy.

Its subscriptions are in nobody's `awaited`: a hint that gets lost is no loss, and no service shall
hold back its events because the gateway's worker was never started.
"""

from pathlib import Path

from chassis.rules import PolicySection
from chassis.service import Service
from services.gateway.app import changes
from services.gateway.app.handlers import HANDLERS
from services.gateway.store.tables import metadata

PRUNE_SECONDS = 600.0

GATEWAY = Service(
    name="gateway",
    policy=PolicySection,
    metadata=metadata,
    migrations=Path(__file__).parent / "store" / "migrations",
    handlers=HANDLERS,
    emits=frozenset(),
    awaited=frozenset(),
    servicers=lambda door, channel_to: (),
    ticks={PRUNE_SECONDS: changes.forget},
)
