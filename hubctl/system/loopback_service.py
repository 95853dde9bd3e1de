"""A service behind the listening door, written without a word of how waiting works.

Posts that come while others are being kept are kept together: one call for all of them, and each is
answered once it is known whether that worked.
"""

from __future__ import annotations

import asyncio
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from hubctl.system.loopback import Limits, Response, Server

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from hubctl.system.loopback import Request

_TOGETHER = 0.005  # seconds in which posts gather
_WAITING = 2000  # posts; more are told to come again
_AGAIN = Response(status=503, headers={"Retry-After": "2"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ToKeep:
    """Something to be kept, and what to answer once it is."""

    content: object
    response: Response


class Service(Protocol):
    """What a service does; no call may wait for anything but the disk."""

    def answer(self, request: Request) -> Response | ToKeep:
        """The answer, or what has to be kept before there is one."""

    def keep(self, contents: list[object]) -> bool:
        """Keep all of them, or none; whether that worked."""

    def follow(self) -> None:
        """What is to be done now and then."""


def serve(
    listening: socket.socket,
    service: Service,
    *,
    limits: Limits | None = None,
    every: float = 60.0,
    stopped: Callable[[], bool] | None = None,
) -> int:
    """Serve until SIGTERM, SIGINT or `stopped`; how many requests were turned away.

    Calls `follow` every so many seconds. Posts that were taken are answered before it ends.
    """
    return asyncio.run(_serve(listening, service, limits or Limits(), every, stopped))


async def _serve(
    listening: socket.socket,
    service: Service,
    limits: Limits,
    every: float,
    stopped: Callable[[], bool] | None,
) -> int:
    keeper = _Keeper(service)
    server = Server(keeper.answer, limits)
    stop = asyncio.Event()
    tasks = [
        asyncio.ensure_future(keeper.run()),
        asyncio.ensure_future(_now_and_then(service, every)),
    ]
    if stopped is None:
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    else:
        tasks.append(asyncio.ensure_future(_watch(stopped, stop)))
    try:
        await server.run(listening, stop)
    finally:
        for task in tasks:
            task.cancel()
    return server.refused


async def _now_and_then(service: Service, seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)
        service.follow()


async def _watch(stopped: Callable[[], bool], stop: asyncio.Event) -> None:
    while not stopped():
        await asyncio.sleep(0.02)
    stop.set()


class _Keeper:
    """Gathers what is to be kept."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._waiting: list[tuple[object, asyncio.Future[bool]]] = []
        self._wanted = asyncio.Event()

    async def answer(self, request: Request) -> Response:
        found = self._service.answer(request)
        if isinstance(found, Response):
            return found
        if len(self._waiting) >= _WAITING:
            return _AGAIN
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((found.content, done))
        self._wanted.set()
        return found.response if await done else _AGAIN

    async def run(self) -> None:
        while True:
            await self._wanted.wait()
            await asyncio.sleep(_TOGETHER)
            self._wanted.clear()
            waiting, self._waiting = self._waiting, []
            kept = self._service.keep([content for content, _ in waiting])
            for _, done in waiting:
                if not done.done():
                    done.set_result(kept)
