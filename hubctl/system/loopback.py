"""The door for listening: HTTP/1.1 on this machine alone, with a bound on everything.

Refuses what does not come from a program of this machine: other hosts' names (a page that a browser
was led to), any origin, bodies and heads too large, too many connections. What requests mean is
not its business.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubctl.errors import OperationError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    Answer = Callable[["Request"], Awaitable["Response"]]

HOST = "127.0.0.1"
_NAMES = frozenset(("127.0.0.1", "localhost", "[::1]"))
_HEAD_BYTES = 16 << 10
_FIRST_SOCKET = 3  # of those that a service manager hands over
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
    """

    body: int = 4 << 20
    held: int = 64 << 20
    connections: int = 100
    seconds: float = 30.0
    idle_seconds: float = 120.0


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


class Server:
    """Answers requests until it is stopped.

    Attributes:
        port: where it listens. refused: how many requests were turned away.
    """

    def __init__(self, answer: Answer, limits: Limits) -> None:
        self.port = 0
        self.refused = 0
        self._answer = answer
        self._limits = limits
        self._open: set[asyncio.StreamWriter] = set()
        self._held = 0

    async def run(self, listening: socket.socket, until: asyncio.Event) -> None:
        """Serve on a socket until the event is set; requests that began are answered."""
        self.port = listening.getsockname()[1]
        server = await asyncio.start_server(self._serve, sock=listening, limit=_HEAD_BYTES)
        async with server:
            await until.wait()
            server.close()
            for writer in tuple(self._open):
                writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._open) >= self._limits.connections:
            self.refused += 1
            await _send(writer, Response(status=503, headers={"Retry-After": "1"}), keep=False)
            await _close(writer)
            return
        self._open.add(writer)
        try:
            while await self._exchange(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            pass  # they went away
        finally:
            self._open.discard(writer)
            await _close(writer)

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request and its answer; whether another may follow."""
        taken = 0
        try:
            head = await _head(reader, self._limits.idle_seconds)
            if not head:
                return False
            method, target, headers = _parsed(head)
            _check_sender(headers)
            taken = self._reserve(headers)
            body = await _body(reader, headers, self._limits)
            path, _, query = target.partition("?")
            request = Request(method=method, path=path, query=query, headers=headers, body=body)
            response = await self._answer(request)
            keep = headers.get("connection", "").lower() != "close"
            await _send(writer, response, keep=keep)
        except _RefusedError as error:
            self.refused += 1
            more = {"Retry-After": "1"} if error.status == 503 else {}
            told = Response(
                status=error.status, body=f"{error}\n".encode(), kind="text/plain", headers=more
            )
            await _send(writer, told, keep=False)
            return False
        finally:
            self._held -= taken
        return keep

    def _reserve(self, headers: Mapping[str, str]) -> int:
        """Room for a body before a byte of it is read."""
        wanted = _length(headers, self._limits.body)
        if self._held + wanted > self._limits.held:
            raise _RefusedError(503, "too much at once")
        self._held += wanted
        return wanted


def _length(headers: Mapping[str, str], most: int) -> int:
    """Bytes that a body may take."""
    packed = "content-encoding" in headers or "transfer-encoding" in headers
    given = headers.get("content-length", "")
    if given and not (given.isascii() and given.isdigit() and len(given) < 16):
        raise _RefusedError(400, "no such length")
    if given and "transfer-encoding" in headers:
        raise _RefusedError(400, "two lengths")
    if given and int(given) > most:
        raise _RefusedError(413, f"more than {most} bytes")
    return most if packed else int(given or 0)


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


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str], limits: Limits) -> bytes:
    async with asyncio.timeout(limits.seconds):
        data = await _raw(reader, headers, limits.body)
    packing = headers.get("content-encoding", "identity").lower()
    if packing == "gzip":
        return _unpacked(data, limits.body)
    if packing != "identity":
        raise _RefusedError(415, "only gzip is understood")
    return data


async def _raw(reader: asyncio.StreamReader, headers: Mapping[str, str], most: int) -> bytes:
    coding = headers.get("transfer-encoding", "").lower()
    if not coding:
        length = int(headers.get("content-length") or 0)
        return await reader.readexactly(length)
    if coding != "chunked":
        raise _RefusedError(501, "only chunked is understood")
    parts, held = [], 0
    while size := await _chunk_size(reader):
        held += size
        if held > most:
            raise _RefusedError(413, f"more than {most} bytes")
        parts.append(await reader.readexactly(size))
        await reader.readexactly(2)
    while (await reader.readline()).strip():
        pass  # trailers
    return b"".join(parts)


async def _chunk_size(reader: asyncio.StreamReader) -> int:
    line = (await reader.readline()).partition(b";")[0].strip()
    try:
        if not line or len(line) > 8:
            raise ValueError
        return int(line, 16)
    except ValueError:
        raise _RefusedError(400, "no chunk") from None


def _unpacked(data: bytes, most: int) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        found = unpacker.decompress(data, most)
    except zlib.error:
        raise _RefusedError(400, "no gzip") from None
    if unpacker.unconsumed_tail:
        raise _RefusedError(413, f"more than {most} bytes")
    return found


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


def listen(port: int) -> socket.socket:
    """A listening socket: that of the service manager where it handed one over, else a new one.

    Raises:
        OperationError: the port is taken.
    """
    if os.environ.get("LISTEN_PID") == str(os.getpid()) and os.environ.get("LISTEN_FDS") == "1":
        handed = socket.socket(fileno=_FIRST_SOCKET)
        handed.setblocking(False)
        return handed
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
            hint="another hubctl collect runs, or choose another port",
        ) from error
    return made
