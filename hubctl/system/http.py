"""The door to somebody's HTTP server: one connection, whole answers, and an end to every wait.

A server that is down, silent or dribbles costs at most the seconds that the caller allows. No
proxies, no redirections, no cookies: what is sent goes to the named server alone.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.errors import OperationError
from hubctl.system.clock import now, stopwatch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MOST_BYTES = 1 << 20  # of an answer
_LEAST_SECONDS = 0.001  # none at all would mean a socket that does not block


class UnreachableError(OperationError):
    """The server is not there, or does not answer in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server said: the status, and the whole body of at most 1 MiB.

    `retry_after`: seconds after which it wants to be asked again; None where it did not say.
    """

    status: int
    body: bytes
    retry_after: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where a server is.

    Attributes:
        connect_seconds: for reaching it. answer_seconds: for sending, and all of its answer.
    """

    host: str
    port: int
    tls: bool = False
    connect_seconds: float = 3.0
    answer_seconds: float = 20.0

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}"


class Line:
    """A connection to a server, opened with the first request and kept for the next ones."""

    def __init__(self, server: Server, headers: Mapping[str, str]) -> None:
        self.server = server
        # A moment of `stopwatch` beyond which nothing is waited for.
        self.until: float | None = None
        self._headers = dict(headers)
        self._open: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: bytes = b"") -> Answer:
        """The answer to one request.

        Raises:
            UnreachableError: no whole answer came in time.
        """
        if self._open is not None:
            # Servers close what was idle; the first one to notice is who asks next.
            with contextlib.suppress(ConnectionError):
                return self._ask(self._open, method, path, body)
            self.close()
        with self._translated():
            self._open = self._connected()
            return self._ask(self._open, method, path, body)

    def _ask(
        self, connection: http.client.HTTPConnection, method: str, path: str, body: bytes
    ) -> Answer:
        with (
            self._translated(ConnectionError),
            _ended_after(connection, self._left(self.server.answer_seconds)) as late,
        ):
            try:
                connection.request(method, path, body or None, self._headers)
                answer = connection.getresponse()
                data = answer.read(_MOST_BYTES)
            except (OSError, http.client.HTTPException, ValueError) as error:
                if late.is_set() or isinstance(error, TimeoutError):  # whichever was first
                    raise TimeoutError("no answer in time") from None
                raise
            if late.is_set():
                raise TimeoutError("no answer in time")
        if answer.will_close or not answer.isclosed():
            self.close()
        later = _seconds(answer.getheader("Retry-After"))
        return Answer(status=answer.status, body=data, retry_after=later)

    def close(self) -> None:
        """Let go of the server."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _left(self, seconds: float) -> float:
        return seconds if self.until is None else max(0.0, min(seconds, self.until - stopwatch()))

    def _connected(self) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if self.server.tls else http.client.HTTPConnection
        seconds = self._left(self.server.connect_seconds)
        made = kind(self.server.host, self.server.port, timeout=max(seconds, _LEAST_SECONDS))
        # A name that nobody resolves, or a greeting that dribbles, knows no timeout of a socket.
        attempt = _Attempt(made)
        if not attempt.ended(seconds):
            raise TimeoutError("not reached in time")
        if attempt.problem is not None:
            if isinstance(attempt.problem, TimeoutError):
                raise TimeoutError("not reached in time")
            raise attempt.problem
        made.sock.settimeout(self.server.answer_seconds)
        return made

    @contextlib.contextmanager
    def _translated(self, *passed: type[Exception]) -> Iterator[None]:
        """Errors inside become ours, but those of the kinds in `passed`."""
        try:
            yield
        except passed:
            raise
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise UnreachableError(f"{self.server}: {why or type(error).__name__}") from error


class _Attempt:
    """Connecting in a thread of its own; one that nobody waits for any more closes what it got."""

    def __init__(self, connection: http.client.HTTPConnection) -> None:
        self.problem: Exception | None = None
        self._connection = connection
        self._lock = threading.Lock()
        self._done = self._given_up = False
        self._thread = threading.Thread(target=self._connect, daemon=True)
        self._thread.start()

    def ended(self, seconds: float) -> bool:
        """Whether it came to an end within `seconds`; it is given up where it did not."""
        self._thread.join(seconds)
        with self._lock:
            self._given_up = not self._done
            return self._done

    def _connect(self) -> None:
        try:
            self._connection.connect()
        except Exception as error:
            self.problem = error
        with self._lock:
            self._done = True
            if self._given_up:
                self._connection.close()


def _seconds(told: str | None) -> float | None:
    """Of `Retry-After`: seconds, or the moment of a date; None where it is neither."""
    from email.utils import parsedate_to_datetime

    if told is None:
        return None
    if told.strip().isdecimal():
        return float(min(int(told.strip()[:9]), 10**8))
    try:
        return max(0.0, parsedate_to_datetime(told).timestamp() - now().timestamp())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


@contextlib.contextmanager
def _ended_after(
    connection: http.client.HTTPConnection, seconds: float
) -> Iterator[threading.Event]:
    """End whatever waits inside after `seconds`; the event says that it was so.

    The socket's own timeout begins anew with every byte, so a server that dribbles outlasts it.
    """
    late = threading.Event()

    def end() -> None:
        late.set()
        with contextlib.suppress(OSError, AttributeError):
            connection.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()
