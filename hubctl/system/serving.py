"""Serving an ASGI application on this machine alone, until somebody stops it."""

from __future__ import annotations

import contextlib
import secrets
import threading
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

_LOOK_S = 0.5


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


def serve_asgi(
    application: Any, listening: socket.socket, *, ended: Callable[[], bool] | None = None
) -> None:
    """Answer requests on a listening socket until SIGINT or SIGTERM, or until `ended`.

    Args:
        application: the ASGI application.
        listening: a socket that listens already.
        ended: asked twice a second; whether it is time to end.
    """
    import uvicorn

    config = uvicorn.Config(
        application,
        log_level="critical",
        access_log=False,
        lifespan="off",
        ws="none",
        server_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=3,
    )
    server = uvicorn.Server(config)

    def look() -> None:
        if ended is not None and ended():
            server.should_exit = True

    with every(_LOOK_S, look), contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listening])


def deadline(seconds: float) -> Callable[[], bool]:
    """Whether so many seconds have passed from now on."""
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end
