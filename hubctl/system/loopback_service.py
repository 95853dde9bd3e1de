"""A service behind the listening door, written without a word of how waiting works.

Requests are read by one thread, and whatever touches the disk is done by another, so that a disk
that makes us wait keeps nobody from being heard. Posts that come while others are being kept are
kept together, and each is answered once it is known what became of it.
"""

from __future__ import annotations

import asyncio
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar

from hubctl.system.loopback import Limits, Response, Server

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from hubctl.system.loopback import Request

_TOGETHER = 0.005  # seconds in which posts gather
_WAITING = 50_000  # rows; who brings more is told to come again
_LOOK = 0.05  # seconds between two looks at whether it is to end
AGAIN = Response(status=503, headers={"Retry-After": "2"})
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToKeep:
    """Something to be kept before there is an answer; `rows` says how much it is."""

    content: object
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ToMake:
    """An answer that has to be made of what is kept."""

    make: Callable[[], Response]


class Service(Protocol):
    """What a service does. All but `answer` is called by one and the same thread."""

    def answer(self, request: Request) -> Response | ToKeep | ToMake:
        """The answer, or what has to be done before there is one. Waits for nothing."""

    def keep(self, contents: list[object]) -> list[Response]:
        """Keep what can be kept; the answer to each."""

    def follow(self) -> None:
        """What is to be done at the beginning, and now and then."""

    def close(self) -> None:
        """The last thing that is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Seconds.

    Attributes:
        follow: between two calls of `follow`. idle: without anybody connected after which the
            service ends by itself; 0 for never.
    """

    follow: float = 60.0
    idle: float = 0.0


def serve(
    listening: socket.socket,
    service: Service,
    *,
    limits: Limits | None = None,
    times: Times | None = None,
    stopped: Callable[[], bool] | None = None,
) -> int:
    """Serve until SIGTERM, SIGINT or `stopped`; how many requests were turned away.

    Posts that were taken are answered before it ends.
    """
    return asyncio.run(_serve(listening, service, limits or Limits(), times or Times(), stopped))


async def _serve(
    listening: socket.socket,
    service: Service,
    limits: Limits,
    times: Times,
    stopped: Callable[[], bool] | None,
) -> int:
    with ThreadPoolExecutor(max_workers=1) as disk:
        keeper = _Keeper(service, disk)
        server = Server(keeper.answer, limits)
        stop = asyncio.Event()
        if stopped is None:
            for number in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(number, stop.set)
        tasks = [
            asyncio.ensure_future(keeper.run()),
            asyncio.ensure_future(keeper.now_and_then(times.follow)),
            asyncio.ensure_future(_watch(server, times.idle, stopped, stop)),
        ]
        for task in tasks:
            # One that fails takes the service with it: the manager starts it anew.
            task.add_done_callback(lambda _: stop.set())
        try:
            await server.run(listening, stop)
            failed = [task.exception() for task in tasks if task.done()]
        finally:
            for task in tasks:
                task.cancel()
            await keeper.on_disk(service.close)
    for error in failed:
        if error is not None:
            raise error
    return server.refused


async def _watch(
    server: Server, idle: float, stopped: Callable[[], bool] | None, stop: asyncio.Event
) -> None:
    """Set `stop` when it is time."""
    look = _LOOK if stopped is not None else max(_LOOK, min(1.0, idle / 4))
    while not (stopped and stopped()) and not (idle and server.quiet_seconds > idle):
        await asyncio.sleep(look)
    stop.set()


class _Keeper:
    """Gathers what is to be kept, and hands it to the thread that may wait for the disk."""

    def __init__(self, service: Service, disk: ThreadPoolExecutor) -> None:
        self._service = service
        self._disk = disk
        self._waiting: list[tuple[object, asyncio.Future[Response]]] = []
        self._rows = 0
        self._wanted = asyncio.Event()

    async def on_disk(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._disk, work)

    async def answer(self, request: Request) -> Response:
        found = self._service.answer(request)
        if isinstance(found, Response):
            return found
        if isinstance(found, ToMake):
            return await self.on_disk(found.make)
        if self._rows >= _WAITING:
            return AGAIN
        self._rows += found.rows
        done: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        self._waiting.append((found.content, done))
        self._wanted.set()
        return await done

    async def run(self) -> None:
        while True:
            await self._wanted.wait()
            await asyncio.sleep(_TOGETHER)
            self._wanted.clear()
            waiting, self._waiting, self._rows = self._waiting, [], 0
            contents = [content for content, _ in waiting]
            answers = await self.on_disk(partial(self._service.keep, contents))
            for (_, done), response in zip(waiting, answers, strict=True):
                if not done.done():
                    done.set_result(response)

    async def now_and_then(self, seconds: float) -> None:
        while True:
            await self.on_disk(self._service.follow)
            await asyncio.sleep(seconds)
