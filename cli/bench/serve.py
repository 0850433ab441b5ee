"""Serves the embedded services by gRPC alone; prints the port."""

import sys

from chassis import main as roles
from chassis.identity import Signer, Verifier
from services import __main__ as services


def main() -> None:
    """Serve until SIGTERM."""
    keys = services.VAR / "keys"
    verifier = Verifier((keys / "public.jwks").read_text(encoding="utf-8"))
    signers = {"review": Signer((keys / "review.jwk").read_text(encoding="utf-8"))}
    running = roles.serve_together(services.together(), verifier, signers, "127.0.0.1:0", threads=8)
    sys.stdout.write(f"{running.port}\n")
    sys.stdout.flush()
    roles.wait_for_signal()
    running.stop()


if __name__ == "__main__":
    main()
