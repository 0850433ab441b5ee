"""The platform's services over gRPC, for measuring: in this process, or embedded in two others."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import grpc
from crm.customers.v1.customers_pb2_grpc import CustomerServiceStub
from crm.operations.v1 import operations_pb2 as operations
from crm.operations.v1.operations_pb2_grpc import OperationsServiceStub
from crm.ownership.v1 import ownership_pb2 as ownership
from crm.ownership.v1.ownership_pb2_grpc import OwnershipServiceStub, StaffServiceStub
from crm.review.v1.review_pb2_grpc import ReviewServiceStub

from chassis.identity import Signer
from chassis.kernel import ADMINISTRATOR, Identity
from cli import packs
from cli.pack_file import load_pack
from cli.session import ROOT

ADMIN = Identity("admin", "管理员", frozenset({ADMINISTRATOR}))
REVIEWER = Identity("zhou", "周舟", frozenset({"customer_service"}), "cs")
TOKEN = timedelta(minutes=15)
PACK = ROOT / "policies" / "haixin-pool.yaml"


class Doors(Protocol):
    """Stubs of the services, and a way to call them as a person."""

    customers: Any
    staff: Any
    review: Any

    def operations(self, name: str) -> Any:
        """Return the operations stub of a service."""

    def channel_to(self, name: str) -> Any:
        """Return the channel to a service."""

    def call(self, method: Any, request: Any, who: Identity) -> Any:
        """Call a method as a person."""


class Channel:
    """All services behind one address."""

    def __init__(self, address: str, signer: Signer) -> None:
        self._signer = signer
        self.channel = grpc.insecure_channel(address)
        self.customers = CustomerServiceStub(self.channel)
        self.ownership = OwnershipServiceStub(self.channel)
        self.staff = StaffServiceStub(self.channel)
        self.review = ReviewServiceStub(self.channel)
        self._operations = OperationsServiceStub(self.channel)

    def operations(self, name: str) -> Any:
        """Return the one operations stub."""
        return self._operations

    def channel_to(self, name: str) -> Any:
        """Return the one channel."""
        return self.channel

    def metadata(self, who: Identity) -> list[tuple[str, str]]:
        """Return what identifies a person for a while."""
        return [("authorization", f"Bearer {self._signer.sign(who, datetime.now(UTC), TOKEN)}")]

    def call(self, method: Any, request: Any, who: Identity) -> Any:
        """Call a method as a person."""
        if "request_id" in request.DESCRIPTOR.fields_by_name and not request.request_id:
            request.request_id = str(uuid.uuid4())
        return method(request, timeout=30.0, metadata=self.metadata(who))


@contextmanager
def embedded(folder: Path) -> Iterator[Channel]:
    """Run the services as `crm run` does, over SQLite files in `folder`, without the gateway."""
    from cli.setup import prepare

    prepare(folder)
    environment = {key: value for key, value in os.environ.items() if key[:4] != "CRM_"}
    environment |= {"CRM_VAR": str(folder), "CRM_LOG_LEVEL": "WARNING"}
    commands = {
        "api": [sys.executable, "-W", "ignore", "-m", "cli.bench.serve"],
        "worker": [sys.executable, "-W", "ignore", "-m", "services", "worker"],
    }
    with (folder / "processes.log").open("wb") as log:
        processes = {
            role: subprocess.Popen(
                line, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log
            )
            for role, line in commands.items()
        }
        try:
            output = processes["api"].stdout
            port = int(output.readline()) if output else 0
            signer = Signer((folder / "keys" / "private.jwk").read_text(encoding="utf-8"))
            doors = Channel(f"127.0.0.1:{port}", signer)
            yield doors
            doors.channel.close()
        finally:
            for process in processes.values():
                process.send_signal(signal.SIGTERM)
            for process in processes.values():
                process.wait(30)
                if process.stdout:
                    process.stdout.close()


def set_up(doors: Doors, reps: int) -> list[Identity]:
    """Apply the pack and hire a reviewer and some reps with much room; return the reps."""
    pack = load_pack(PACK)
    for name in packs.SERVICES:
        request = operations.ApplyPolicyRequest(
            service=name, pack=pack.meta.name, time_zone=pack.meta.time_zone
        )
        request.effective_time.FromDatetime(pack.meta.effective_time)
        request.section.update(pack.sections[name].to_json())
        doors.call(doors.operations(name).ApplyPolicy, request, ADMIN)
    people = [
        Identity(f"rep{number}", f"销售{number}", frozenset({"sales_rep"}), "sales", "1")
        for number in range(reps)
    ]
    for person in (REVIEWER, *people):
        staff = ownership.Staff(
            staff_id=person.staff_id,
            display_name=person.name,
            hire_date="2024-01-01",
            department=person.department,
            team=person.team,
            roles=sorted(person.roles),
            personal_limit_count=1_000_000,
        )
        doors.call(doors.staff.CreateStaff, ownership.CreateStaffRequest(staff=staff), ADMIN)
    return people


def patience(seconds: float = 60) -> Iterator[None]:
    """Yield until the time is up, with pauses."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield
        time.sleep(0.002)
    raise TimeoutError(f"nothing after {seconds} s")
