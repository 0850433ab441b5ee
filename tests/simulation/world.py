"""A world in one thread and of one seed: five services, people, time, and what goes wrong."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import grpc
from crm.activity.v1.conduct_pb2_grpc import ConductServiceStub
from crm.activity.v1.follow_ups_pb2_grpc import (
    ActivityServiceStub,
    FollowUpServiceStub,
    SigningServiceStub,
)
from crm.ownership.v1.runs_pb2_grpc import RunServiceStub

from chassis.identity import Verifier
from chassis.kernel import Identity
from chassis.local import LocalRpcError
from chassis.service import Parts, Service
from cli.rehearsal.rows import Rows
from tests.platform import Platform, keys
from tests.simulation.broken import Broken
from tests.simulation.bus import Bus
from tests.simulation.crashes import Crash, Crashes, database
from tests.simulation.invariants import Watch
from tests.simulation.midway import Awaited
from tests.simulation.packs import VARIANTS, KnownPolicies, beginning

MEANWHILE = 0.25
DEPTH = 2
BUGS = (grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Command:
    """What a person asks for; repeating it is repeating its request id."""

    label: str
    method: Any
    request: Any
    who: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What a service knows a repetition by."""
        return self.who, type(self.request).__name__, self.request.request_id


class World(Platform):
    """The platform under faults. Everything random comes from `random`: a seed repeats itself."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = random.Random(seed)
        self.variant = seed % len(VARIANTS)
        self.crashes = Crashes(self.chance)
        self.log: list[str] = []
        self.steps = 0
        self.depth = 0
        self.rows: dict[str, Rows] = {}
        self.watch = Watch(self)
        self.awaited = Awaited()
        super().__init__(seed)
        self.follow_ups = self.stub(FollowUpServiceStub, "activity")
        self.signings = self.stub(SigningServiceStub, "activity")
        self.conduct = self.stub(ConductServiceStub, "activity")
        self.runs = self.stub(RunServiceStub, "ownership")
        self.settling = self.stub(ActivityServiceStub, "activity")
        self.people |= beginning(self.variant).people
        self.bus = Bus(self)
        self.answers: dict[tuple[str, str, str], bytes] = {}
        self.unanswered: list[Command] = []
        self.refusals = 0

    def open(self, service: Service, url: str) -> Parts:
        """Put a service together over a database in which the variant's pack is in force."""
        begins = beginning(self.variant)
        name = service.name
        store = database(name)
        raw = store.begin_world(begins.images[name], self.crashes, lambda: self.watch.look(name))
        self.rows[name] = Rows(raw)
        policies = KnownPolicies(service.policy, begins.rules[name])
        return Parts(service, store, lambda: self.now, self.new_id, policies)

    def verifier(self) -> Verifier:
        """Return a verifier that remembers the signatures it has checked."""
        return _Remembering(keys()[2])

    def channel(self, name: str) -> Any:
        """Return a channel on which requests, answers and peers get lost."""
        return _Channel(self, name)

    @property
    def stored_now(self) -> str:
        """The moment as SQLite keeps it."""
        return self.now.replace(tzinfo=None).isoformat(" ")

    def chance(self, probability: float) -> bool:
        """Tell whether something of this probability happens now."""
        return self.random.random() < probability

    def note(self, line: str) -> None:
        """Remember what happened, for the report of a failure."""
        self.log.append(f"{self.steps:4} {self.now:%m-%d %H:%M:%S} {'| ' * self.depth}{line}")

    def pass_time(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)
        self.note(f"{timedelta(seconds=seconds)} pass")

    def send(self, command: Command) -> bool:
        """Do what a person asks for; False when no answer came."""
        self.note(f"{command.who} {command.label}")
        try:
            answer = self.call(command.method, command.request, command.who)
        except Crash as crash:
            self.note(f"  dies {crash}")
            return False
        except LocalRpcError as error:
            return self._refused(command, error)
        body = answer.SerializeToString(deterministic=True)
        self.note("  answered")
        rehearsed = getattr(command.request, "validate_only", False)
        if not rehearsed and self.answers.setdefault(command.key, body) != body:
            raise Broken(f"I5: two answers to one request: {command}")
        return not self.crashes.happens("answer not read", 0.05)

    def _refused(self, command: Command, error: LocalRpcError) -> bool:
        self.note(f"  refused {error.code().name}: {error.details()}")
        if error.code() in BUGS:
            raise Broken(f"an internal error: {command} {error.details()}")
        if error.code() is grpc.StatusCode.UNAVAILABLE:
            return False
        if command.key in self.answers:
            raise Broken(f"I5: refused after it was accepted: {command} {error.details()}")
        self.refusals += 1
        return True

    def meanwhile(self, step: Callable[["World"], None]) -> None:
        """Between two transactions of one procedure anything else may happen."""
        while self.depth < DEPTH and self.crashes.on and self.chance(MEANWHILE):
            self.depth += 1
            try:
                step(self)
            finally:
                self.depth -= 1

    step: Callable[["World"], None] = staticmethod(lambda world: None)


class _Remembering(Verifier):
    def __init__(self, public_jwks: str) -> None:
        super().__init__(public_jwks)
        self._verified: dict[str, tuple[Identity, datetime]] = {}

    def verify(self, token: str, now: datetime) -> Identity:
        identity, until = self._verified.get(token, (None, now))
        if identity is None or until <= now:
            identity = super().verify(token, now)
            self._verified[token] = identity, now + timedelta(minutes=5)
        return identity


class _Unavailable(grpc.RpcError):
    """What a caller gets when the peer cannot be reached or does not answer."""


class _Channel:
    def __init__(self, world: World, name: str) -> None:
        self._world = world
        self._name = name

    def unary_unary(self, path: str, *codecs: Any, **options: Any) -> Callable[..., Any]:
        """Return a callable like a channel's, which tries an unavailable peer again at once."""
        reach = self._world.servers[self._name].unary_unary(path, *codecs, **options)

        def call(request: Any, timeout: float | None = None, metadata: Any = ()) -> Any:
            world = self._world
            world.meanwhile(world.step)
            attempts = world.random.choice((1, 1, 2))
            for attempt in range(attempts):
                try:
                    answer = self._attempt(lambda: reach(request, timeout, metadata))
                    break
                except _Unavailable:
                    if attempt + 1 == attempts:
                        raise
            world.meanwhile(world.step)
            world.crashes.maybe("between transactions", 0.05)
            return answer

        return call

    def _attempt(self, reach: Callable[[], Any]) -> Any:
        world, crashes = self._world, self._world.crashes
        if crashes.happens("request lost", 0.03):
            raise _Unavailable
        try:
            answer = reach()
        except Crash as crash:
            world.note(f"  {self._name} dies {crash}")
            raise _Unavailable from None
        if crashes.happens("answer lost", 0.05):
            raise _Unavailable
        return answer
