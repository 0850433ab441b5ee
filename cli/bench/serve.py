"""Serves the embedded services by gRPC alone; prints the port."""

import sys

from chassis import main as roles
from services import __main__ as services


def main() -> None:
    """Serve until SIGTERM."""
    running = services.serve()
    sys.stdout.write(f"{running.port}\n")
    sys.stdout.flush()
    roles.wait_for_signal()
    running.stop()


if __name__ == "__main__":
    main()
