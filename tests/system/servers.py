"""A private PostgreSQL and a private RabbitMQ on free loopback ports.

Nothing of the machine's own servers is touched and nothing is left behind: data,
logs, cookie and port mapper live in the given directory and end with the context.
Debian's programs are used as they are; see `tests/system/debian.py`.
"""

import base64
import os
import signal
import socket
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.system.debian import program
from tests.system.processes import User

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running PostgreSQL: superuser `postgres`, no password, loopback only."""

    port: int
    seconds: float

    def url(self, database: str = "postgres") -> str:
        """Return the SQLAlchemy address of one database."""
        return f"postgresql+psycopg://postgres@{LOOPBACK}:{self.port}/{database}"

    def conninfo(self, database: str = "postgres") -> str:
        """Return the libpq address of one database."""
        return f"postgresql://postgres@{LOOPBACK}:{self.port}/{database}"


@dataclass(frozen=True, slots=True)
class RabbitMQ:
    """A running RabbitMQ: user and password `guest`, loopback only."""

    port: int
    management_port: int
    seconds: float

    def url(self, vhost: str = "/") -> str:
        """Return the AMQP address of one virtual host."""
        return f"amqp://guest:guest@{LOOPBACK}:{self.port}/{quoted(vhost)}"

    def add_vhost(self, vhost: str) -> None:
        """Create a virtual host; by HTTP, since `rabbitmqctl` takes a hundred times as long."""
        self.manage("PUT", f"vhosts/{quoted(vhost)}")

    def drop_vhost(self, vhost: str) -> None:
        """Delete a virtual host with its queues; one that is gone already is fine."""
        try:
            self.manage("DELETE", f"vhosts/{quoted(vhost)}")
        except urllib.error.HTTPError as error:
            if error.code != 404:
                raise

    def manage(self, method: str, path: str) -> bytes:
        """Call the management interface; urllib.error.HTTPError when it refuses."""
        request = urllib.request.Request(
            f"http://{LOOPBACK}:{self.management_port}/api/{path}",
            method=method,
            headers={"Authorization": "Basic " + base64.b64encode(b"guest:guest").decode()},
        )
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(request, timeout=30) as answer:
            content: bytes = answer.read()
            return content


@dataclass(frozen=True, slots=True)
class Servers:
    """Both servers, running."""

    postgres: Postgres
    rabbitmq: RabbitMQ


@contextmanager
def real_servers(directory: Path | None = None) -> Iterator[Servers]:
    """Run both servers, started side by side, until the context ends.

    Data go to `directory`, or to a temporary one. Enter from the main thread: the
    servers end with the thread that started them, however it ends. Unavailable
    when a server cannot be had.
    """
    with ExitStack() as stack:
        place = directory or stack.enter_context(workplace())
        broker = stack.enter_context(rabbitmq(place / "rabbitmq"))
        database = stack.enter_context(postgres(place / "postgres"))
        yield Servers(database(), broker())


@contextmanager
def workplace() -> Iterator[Path]:
    """Make a temporary directory that the servers' users can reach as well."""
    with tempfile.TemporaryDirectory(prefix="crm-servers-", ignore_cleanup_errors=True) as place:
        Path(place).chmod(0o711)
        yield Path(place)


@contextmanager
def postgres(directory: Path) -> Iterator[Callable[[], Postgres]]:
    """Launch PostgreSQL in an empty directory; the yielded function waits until it answers."""
    began = time.monotonic()
    server, initdb = program("postgres"), program("initdb")
    user = User.of("postgres", directory)
    data = directory / "data"
    (port,) = free_ports(1)
    user.run(initdb, "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
             "--no-sync")  # fmt: skip
    settings = {
        "listen_addresses": LOOPBACK,
        "port": port,
        "unix_socket_directories": "",
        "max_connections": 200,
        # The data live as long as the run: nothing has to survive a power cut.
        "fsync": "off",
        "full_page_writes": "off",
    }
    options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
    with user.running(server, "-D", data, *options, ends_by=signal.SIGQUIT) as process:

        def ready() -> Postgres:
            process.wait_until(lambda: (data / "postmaster.pid").read_text().split()[-1] == "ready")
            return Postgres(port, time.monotonic() - began)

        yield ready


@contextmanager
def rabbitmq(directory: Path) -> Iterator[Callable[[], RabbitMQ]]:
    """Launch RabbitMQ with its own port mapper; the yielded function waits until it answers."""
    began = time.monotonic()
    server, mapper = program("rabbitmq-server"), program("epmd")
    user = User.of("rabbitmq", directory)
    port, management_port, distribution_port, mapper_port = free_ports(4)
    plugins, settings = directory / "plugins", directory / "rabbitmq.conf"
    plugins.write_text("[rabbitmq_management].\n")
    settings.write_text(
        f"listeners.tcp.1 = {LOOPBACK}:{port}\n"
        f"management.tcp.ip = {LOOPBACK}\n"
        f"management.tcp.port = {management_port}\n"
    )
    environment = {
        "ERL_EPMD_PORT": mapper_port,
        # The script then becomes the node instead of standing before it: signals reach the node.
        "RUNNING_UNDER_SYSTEMD": 1,
        "RABBITMQ_NODENAME": "crm-test@localhost",
        "RABBITMQ_DIST_PORT": distribution_port,
        "RABBITMQ_MNESIA_BASE": directory / "mnesia",
        "RABBITMQ_LOG_BASE": directory / "log",
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_CONFIG_FILE": settings,
        "RABBITMQ_CONF_ENV_FILE": os.devnull,
        "RABBITMQ_ENABLED_PLUGINS_FILE": plugins,
        "RABBITMQ_PID_FILE": directory / "pid",
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
    }
    with (
        user.running(mapper, "-port", mapper_port, "-address", LOOPBACK, log="epmd"),
        user.running(server, environment=environment, ends_by=signal.SIGQUIT) as process,
    ):

        def ready() -> RabbitMQ:
            # Listeners open as the last step of the node's start.
            process.wait_until(lambda: answers(port) and answers(management_port))
            return RabbitMQ(port, management_port, time.monotonic() - began)

        yield ready


def free_ports(count: int) -> list[int]:
    """Name ports that nobody listens on now, all different."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind((LOOPBACK, 0))
        return [int(one.getsockname()[1]) for one in sockets]


def answers(port: int) -> bool:
    with socket.create_connection((LOOPBACK, port), timeout=1):
        return True


def quoted(vhost: str) -> str:
    return urllib.parse.quote(vhost, safe="")
