"""The door for listening: HTTP/1.1 on this machine alone, with a bound on everything.

Refuses what does not come from a program of this machine: other hosts' names (a page that a browser
was led to), any origin, bodies and heads too large, too many connections. What requests mean is
not its business.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import socket
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubctl.errors import OperationError
from hubctl.system.clock import stopwatch

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    Answer = Callable[["Request"], Awaitable["Response"]]

HOST = "127.0.0.1"
_NAMES = frozenset(("127.0.0.1", "localhost", "[::1]"))
_HEAD_BYTES = 16 << 10
_FIRST_SOCKET = 3  # of those that a service manager hands over
_PIECE = 64 << 10
_SIZE = re.compile(rb"[0-9A-Fa-f]{1,8}\Z")
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_REASONS = {
    200: "OK",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    411: "Length Required",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    421: "Misdirected Request",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
    501: "Not Implemented",
    503: "Service Unavailable",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds.

    Attributes:
        body: bytes of one request, unpacked; held: of all requests at once.
        seconds: in which a body has to come; idle_seconds: in which the next request has to.
        last_seconds: for requests that began before the end, and for those that were refused.
    """

    body: int = 4 << 20
    held: int = 32 << 20
    connections: int = 100
    seconds: float = 30.0
    idle_seconds: float = 120.0
    last_seconds: float = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request; names of headers in lower case, the path without its query."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One answer."""

    status: int = 200
    body: bytes = b""
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


class _RefusedError(Exception):
    """A request that is answered with a status and closed."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class _Room:
    """Bytes that bodies may take, all together."""

    def __init__(self, most: int) -> None:
        self._left = most

    def take(self, size: int) -> None:
        if size > self._left:
            raise _RefusedError(503, "too much at once")
        self._left -= size

    def give_back(self, size: int) -> None:
        self._left += size


class _Body:
    """One body on its way in: no byte of it is read before there is room for it."""

    def __init__(self, limits: Limits, room: _Room) -> None:
        self.taken = 0
        self._most = limits.body
        self._room = room

    async def read(
        self, reader: asyncio.StreamReader, headers: Mapping[str, str], seconds: float
    ) -> bytes:
        try:
            async with asyncio.timeout(seconds):
                data = await self._raw(reader, headers)
        except ValueError:
            raise _RefusedError(400, "no chunks") from None
        except TimeoutError:
            raise _RefusedError(408, f"not whole within {seconds:g} seconds") from None
        packing = headers.get("content-encoding", "identity").lower()
        if packing == "gzip":
            return self._unpacked(data)
        if packing != "identity":
            raise _RefusedError(415, "only gzip is understood")
        return data

    def _take(self, size: int) -> None:
        if self.taken + size > self._most:
            raise _RefusedError(413, f"more than {self._most} bytes")
        self._room.take(size)
        self.taken += size

    async def _raw(self, reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
        if "transfer-encoding" not in headers:
            length = _length(headers.get("content-length", ""))
            self._take(length)
            return await reader.readexactly(length)
        if "content-length" in headers:
            raise _RefusedError(400, "two lengths")
        if headers["transfer-encoding"].lower() != "chunked":
            raise _RefusedError(501, "only chunked is understood")
        parts = []
        while size := _chunk_size(await reader.readline()):
            self._take(size)
            parts.append(await reader.readexactly(size))
            if await reader.readexactly(2) != b"\r\n":
                raise _RefusedError(400, "a chunk that does not end")
        while (await reader.readline()).strip():
            pass  # trailers
        return b"".join(parts)

    def _unpacked(self, data: bytes) -> bytes:
        """The unpacked body counts beside the packed one."""
        unpacker, parts = zlib.decompressobj(wbits=31), []
        try:
            while data and not unpacker.eof:
                part = unpacker.decompress(data, _PIECE)
                self._take(len(part))
                parts.append(part)
                data = unpacker.unconsumed_tail
        except zlib.error:
            raise _RefusedError(400, "no gzip") from None
        if not unpacker.eof:
            raise _RefusedError(400, "no whole gzip")
        return b"".join(parts)


class Server:
    """Answers requests until it is stopped.

    Attributes:
        refused: how many requests were turned away.
    """

    def __init__(self, answer: Answer, limits: Limits) -> None:
        self.refused = 0
        self._answer = answer
        self._limits = limits
        self._room = _Room(limits.held)
        self._open: set[asyncio.StreamWriter] = set()
        self._waiting: set[asyncio.StreamWriter] = set()  # open, and between two requests
        self._all_closed = asyncio.Event()
        self._quiet_since = stopwatch()

    @property
    def quiet_seconds(self) -> float:
        """For how long nobody has been connected."""
        return 0.0 if self._open else stopwatch() - self._quiet_since

    async def run(self, listening: socket.socket, until: asyncio.Event) -> None:
        """Serve on a socket until the event is set; requests that began are answered."""
        server = await asyncio.start_server(self._serve, sock=listening, limit=_HEAD_BYTES)
        await until.wait()
        server.close()
        for writer in tuple(self._waiting):
            writer.close()
        self._all_closed.clear()
        if self._open:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._all_closed.wait(), self._limits.last_seconds)
        for writer in tuple(self._open):
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._open) >= self._limits.connections:
            self.refused += 1
            with contextlib.suppress(OSError, TimeoutError):
                await self._refuse(reader, writer, _RefusedError(503, "too many connections"))
            await _close(writer)
            return
        self._open.add(writer)
        try:
            while await self._exchange(reader, writer):
                self._waiting.add(writer)
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            pass  # they went away
        finally:
            self._waiting.discard(writer)
            await _close(writer)
            self._open.discard(writer)
            self._quiet_since = stopwatch()
            if not self._open:
                self._all_closed.set()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request and its answer; whether another may follow."""
        body = _Body(self._limits, self._room)
        try:
            head = await _head(reader, self._limits.idle_seconds)
            self._waiting.discard(writer)
            if not head:
                return False
            method, target, headers = _parsed(head)
            _check_sender(headers)
            if headers.get("expect", "").lower() == "100-continue":
                writer.write(_CONTINUE)
            data = await body.read(reader, headers, self._limits.seconds)
            path, _, query = target.partition("?")
            request = Request(method=method, path=path, query=query, headers=headers, body=data)
            response = await self._answer(request)
            keep = headers.get("connection", "").lower() != "close"
            await _send(writer, response, keep=keep)
        except _RefusedError as error:
            self.refused += 1
            await self._refuse(reader, writer, error)
            return False
        finally:
            self._room.give_back(body.taken)
        return keep

    async def _refuse(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, error: _RefusedError
    ) -> None:
        """Say why; who closes on somebody who still sends takes the answer back."""
        await _send(writer, _told(error), keep=False)
        with contextlib.suppress(OSError, TimeoutError):
            writer.write_eof()
            async with asyncio.timeout(self._limits.last_seconds):
                for _ in range(4 * self._limits.body // _PIECE):
                    if not await reader.read(_PIECE):
                        break


def _told(error: _RefusedError) -> Response:
    more = {"Retry-After": "1"} if error.status == 503 else {}
    text = f"{error}\n".encode()
    return Response(status=error.status, body=text, kind="text/plain", headers=more)


def _length(given: str) -> int:
    if given and not (given.isascii() and given.isdigit() and len(given) < 16):
        raise _RefusedError(400, "no such length")
    return int(given or 0)


def _chunk_size(line: bytes) -> int:
    size = line.partition(b";")[0].strip()
    if not _SIZE.match(size):
        raise _RefusedError(400, "no chunk")
    return int(size, 16)


async def _head(reader: asyncio.StreamReader, seconds: float) -> bytes:
    try:
        return await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), seconds)
    except asyncio.IncompleteReadError:
        return b""
    except asyncio.LimitOverrunError:
        raise _RefusedError(431, f"more than {_HEAD_BYTES} bytes of headers") from None


def _parsed(head: bytes) -> tuple[str, str, dict[str, str]]:
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or words[2] not in ("HTTP/1.1", "HTTP/1.0") or not words[1].startswith("/"):
        raise _RefusedError(400, "no request of HTTP/1.1")
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        name = name.lower()
        if not colon or not name or name != name.strip() or name in headers:
            raise _RefusedError(400, "a header that is none, or twice")
        headers[name] = value.strip()
    return words[0], words[1], headers


def _check_sender(headers: Mapping[str, str]) -> None:
    """A page of anybody's may reach this port through a browser; a program names no origin."""
    if headers.get("host", "").lower().rpartition(":")[0] not in _NAMES:
        raise _RefusedError(421, "this listens to this machine alone")
    if "origin" in headers or headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        raise _RefusedError(403, "pages may not call this")


async def _send(writer: asyncio.StreamWriter, response: Response, *, keep: bool) -> None:
    lines = [
        f"HTTP/1.1 {response.status} {_REASONS.get(response.status, '')}",
        f"Content-Type: {response.kind}",
        f"Content-Length: {len(response.body)}",
        f"Connection: {'keep-alive' if keep else 'close'}",
        "X-Content-Type-Options: nosniff",
        *(f"{name}: {value}" for name, value in response.headers.items()),
    ]
    writer.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + response.body)
    await asyncio.wait_for(writer.drain(), 30)


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError, asyncio.TimeoutError):
        await asyncio.wait_for(writer.wait_closed(), 5)


def is_handed_over() -> bool:
    """Whether a service manager listens for this process, and starts it anew when it is needed."""
    return os.environ.get("LISTEN_PID") == str(os.getpid())


def listen(port: int) -> socket.socket:
    """A listening socket: that of the service manager where it handed one over, else a new one.

    Raises:
        OperationError: the port is taken, or what was handed over is open to other machines.
    """
    if is_handed_over():
        return _handed_over()
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((HOST, port))
        made.listen(128)
        made.setblocking(False)
    except OSError as error:
        made.close()
        raise OperationError(
            f"port {port} of {HOST} cannot be listened to: {error.strerror}",
            hint="another one runs, or its socket is listened to; or choose another port",
        ) from error
    return made


def _handed_over() -> socket.socket:
    handed = socket.socket(fileno=_FIRST_SOCKET)
    handed.set_inheritable(False)
    handed.setblocking(False)
    one = os.environ.get("LISTEN_FDS") == "1"
    name = handed.getsockname()
    if one and isinstance(name, tuple) and name[0] in (HOST, "::1"):
        return handed
    handed.close()
    raise OperationError(
        "one socket of this machine alone is expected from the service manager",
        hint=f"let the socket unit say ListenStream={HOST}:PORT, once",
    )
