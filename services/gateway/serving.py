"""The HTTP server. When it has to stop it ends streams first, then waits for calls under way."""

import socket
from typing import Any

import uvicorn

GRACE_SECONDS = 20


class Server(uvicorn.Server):
    """uvicorn, which would wait for ever for a stream that nobody ends."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, end streams, finish what is under way."""
        app: Any = self.config.app
        app.state.end_streams()
        await super().shutdown(sockets)


def serve(app: Any, listen: str) -> None:
    """Serve `host:port` until SIGTERM or SIGINT."""
    host, _, port = listen.rpartition(":")
    Server(
        uvicorn.Config(
            app,
            host=host,
            port=int(port),
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    ).run()
