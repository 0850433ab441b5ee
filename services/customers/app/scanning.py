"""All customers are looked through for those recorded twice, batch after batch."""

from dataclasses import replace

from chassis.kernel import FORBIDDEN, Event
from chassis.rounds import Round
from chassis.unit import UnitOfWork
from services.customers.app.duplicates import Name, search
from services.customers.domain.matching import Grade
from services.customers.domain.policy import CustomersPolicy
from services.customers.store import records, scans
from services.customers.store.scans import Pair, Scan

FOUND = "crm.customers.duplicate.found.v1"
USUAL = 100
BATCH = 50
BATCHES = 20
"""A round looks at so many batches; each is a transaction of its own."""

GRAVE = (Grade.SAME.value, Grade.LIKELY.value)


def start(uow: UnitOfWork, most_found: int) -> Scan:
    """Begin a scan, or let the one that pauses go on; one that runs stays as it is."""
    _require(uow)
    current = scans.unfinished(uow)
    if current is None:
        scans.begin(uow, most_found or USUAL)
    elif current.state == "paused":
        scans.go_on(uow, current, most_found or USUAL)
    return scans.get(uow, scans.LATEST)


def read(uow: UnitOfWork, scan_id: str) -> Scan:
    """Return how far a scan is to those who may start one."""
    _require(uow)
    return scans.get(uow, scan_id)


def carry_on(work: Round) -> None:
    """Get on with the scan that runs. Killed anywhere, the next round goes on from there."""
    for _ in range(BATCHES):
        scan, reached, checked, pairs = work.read(_look)
        if scan is None:
            return

        def keep(
            uow: UnitOfWork,
            scan: Scan = scan,
            reached: int = reached,
            checked: int = checked,
            pairs: tuple[Pair, ...] = pairs,
        ) -> None:
            new = scans.remember(uow, scan, pairs)
            if not scans.advance(uow, scan, reached, checked, len(new)):
                raise _Moved
            uow.emit_all([Event(FOUND, pair.one_id, _told(scan, pair)) for pair in new])

        try:
            work.run(keep)
        except _Moved:
            return


class _Moved(Exception):
    """Another process has moved the scan: what was found here is not kept."""


def _look(uow: UnitOfWork) -> tuple[Scan | None, int, int, tuple[Pair, ...]]:
    scan = scans.unfinished(uow)
    if scan is None or scan.state != "running":
        return None, 0, 0, ()
    names = scans.next_names(uow, scan, BATCH)
    pairs: dict[tuple[str, str], Pair] = {}
    for row in names:
        if row["duplicate_of"]:
            continue
        mine = row["customer_id"]
        form = replace(records.form_from(row["form"]), full_name=row["full_name"])
        found = search(uow, Name.of(form), masked=False, apart_from=mine)
        for hit in found.hits:
            if hit.grade in GRAVE and hit.customer_id:
                one, other = sorted((mine, hit.customer_id))
                pairs[one, other] = Pair(one, other, hit.grade, hit.score)
    reached = names[-1]["number"] if names else scan.reached
    return scan, reached, len(names), tuple(pairs.values())


def _told(scan: Scan, pair: Pair) -> dict[str, object]:
    return {
        "customer_id": pair.one_id,
        "other_customer_id": pair.other_id,
        "grade": pair.grade,
        "score": pair.score,
        "scan_id": scan.scan_id,
        "starter_id": scan.starter_id,
    }


def _require(uow: UnitOfWork) -> None:
    permission = uow.policy(CustomersPolicy).rules.access.scan_duplicates
    if permission is None:
        raise FORBIDDEN.refuse()
    permission.require(uow.actor)
