"""Serving an ASGI application on this machine alone, until somebody stops it."""

from __future__ import annotations

import contextlib
import secrets
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator


def new_token() -> str:
    """A secret that nobody guesses."""
    return secrets.token_urlsafe(24)


@contextlib.contextmanager
def every(seconds: float, work: Callable[[], None]) -> Iterator[None]:
    """Do `work` beside, again and again, until the block ends; it must not raise."""
    stop = threading.Event()

    def repeat() -> None:
        while not stop.is_set():
            work()
            stop.wait(seconds)

    thread = threading.Thread(target=repeat, name="hubctl-refresh", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=seconds)


def serve_asgi(application: Any, listening: socket.socket, *, seconds: float | None = None) -> None:
    """Answer requests on a listening socket until SIGINT or SIGTERM, or for some seconds.

    Args:
        application: the ASGI application.
        listening: a socket that listens already.
        seconds: end by itself after so long; None for never.
    """
    import uvicorn

    config = uvicorn.Config(
        application, log_level="critical", access_log=False, lifespan="off", timeout_keep_alive=30
    )
    server = uvicorn.Server(config)
    if seconds is not None:
        timer = threading.Timer(seconds, lambda: setattr(server, "should_exit", True))
        timer.daemon = True
        timer.start()
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listening])
