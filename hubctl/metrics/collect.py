"""What `hubctl collect` does: telemetry from the client into the store, answered once it is kept.

Posts that wait together are put in one transaction. A kill loses nothing that was answered with
success; a store that cannot be written now is tried again with the next post.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from hubctl.errors import OperationError
from hubctl.metrics.sources.otel import Received, read_logs, read_metrics
from hubctl.metrics.store import make_anew, open_store
from hubctl.metrics.tables.derive import derive
from hubctl.system.clock import nanoseconds
from hubctl.system.database import DamagedError, identity
from hubctl.system.loopback import Response
from hubctl.system.loopback_service import AGAIN, ToKeep, ToMake, serve

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Mapping

    from hubctl.metrics.prices import Prices
    from hubctl.metrics.schema import Scalar, Table
    from hubctl.metrics.store import Store
    from hubctl.metrics.tables.batch import Batch
    from hubctl.system.loopback import Request
    from hubctl.system.loopback_service import Times

    Page = Callable[[Store], Response]
    Row = tuple[Scalar, ...]

PORT = 4318
IDLE_SECONDS = 300.0  # of a collector that its socket starts anew
_TRACES = "/v1/traces"  # taken and dropped: nothing is read from them
_REJECTED = {"/v1/logs": "rejectedLogRecords", "/v1/metrics": "rejectedDataPoints"}
_WHY = "without a time or a name, or no sum of deltas"
_CHANGED = "SELECT 1 FROM stale UNION SELECT 1 FROM dirty LIMIT 1"
_GOOD = Response(body=b"{}")
_NO_EXPORT = Response(status=400, body=b"no JSON that could be kept\n", kind="text/plain")
_JSON_ONLY = Response(
    status=415,
    body=b"only JSON is understood: OTEL_EXPORTER_OTLP_PROTOCOL=http/json\n",
    kind="text/plain",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """Rows of one post, what they were priced with, and what to answer once they are kept."""

    rows: Received
    priced: str
    answer: Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a collector asks and tells others.

    Attributes:
        prices: what models cost, looked up anew where the store was priced differently meanwhile.
        say: takes a sentence for people. pages: path → what to answer of the store.
    """

    prices: Callable[[], Prices]
    say: Callable[[str], None]
    pages: Mapping[str, Page]


class Collector:
    """Receives exports and puts them into the store at a path.

    Attributes:
        received: rows put so far. problem: why the last of them could not be, "" where they were.
    """

    def __init__(self, path: str, around: Surroundings) -> None:
        self.received = 0
        self.problem = ""
        self._path = path
        self._around = around
        self._prices = around.prices()
        self._opened = contextlib.ExitStack()
        self._store: Store | None = None
        self._identity: object = None

    def answer(self, request: Request) -> Response | ToKeep | ToMake:
        """Answer one request; exports are to be kept first."""
        if request.path in self._around.pages:
            if request.method not in ("GET", "HEAD"):
                return Response(status=405, headers={"Allow": "GET"})
            return ToMake(make=partial(self._page, request))
        if request.path not in (*_REJECTED, _TRACES):
            return Response(status=404)
        if request.method != "POST":
            return Response(status=405, headers={"Allow": "POST"})
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            return _JSON_ONLY
        return _GOOD if request.path == _TRACES else self._receive(request)

    def _page(self, request: Request) -> Response:
        try:
            found = self._around.pages[request.path](self._writing())
        except OperationError as error:
            found = Response(status=503, body=f"{error.message}\n".encode(), kind="text/plain")
        return replace(found, body=b"") if request.method == "HEAD" else found

    def _receive(self, request: Request) -> Response | ToKeep:
        rows, prices = Received(), self._prices
        try:
            document = json.loads(request.body)
        except (ValueError, RecursionError):
            return _NO_EXPORT
        if request.path == "/v1/logs":
            read_logs(document, prices, rows)
        else:
            read_metrics(document, rows)
        if not rows.count and not rows.left_out:
            return _GOOD
        answer = _answer(request.path, rows.left_out)
        export = Export(rows=rows, priced=prices.mark, answer=answer)
        return ToKeep(content=export, rows=rows.count)

    def keep(self, contents: list[object]) -> list[Response]:
        """Put exports into the store, in one transaction; the answer to each."""
        exports = [one for one in contents if isinstance(one, Export)]
        try:
            self._put(exports)
        except OperationError as error:
            self._failed(error)
            return [AGAIN for _ in exports]
        except Exception as error:
            # What no column holds must not take the others with it.
            if len(exports) > 1:
                return [answer for one in exports for answer in self.keep([one])]
            self._around.say(f"an export cannot be kept: {type(error).__name__}")
            return [_NO_EXPORT]
        if self.problem:
            self._around.say("telemetry is kept again")
            self.problem = ""
        self.received += sum(one.rows.count for one in exports)
        return [one.answer for one in exports]

    def _put(self, exports: list[Export]) -> None:
        while True:
            with self._writing().batch() as batch:
                self._follow_prices(batch, exports)
                _put(batch, [one.rows for one in exports])
            # Somebody may have set the file aside meanwhile; rows of the same keys are one.
            if self._is_current():
                return

    def _follow_prices(self, batch: Batch, exports: list[Export]) -> None:
        """Rows priced otherwise than the store are priced anew by whoever refreshes it next."""
        marks = {str(row[0]) for row in batch.rows("SELECT value FROM meta WHERE key = 'prices'")}
        if not marks <= {""} and marks != {one.priced for one in exports}:
            batch.set_meta("prices", "")
            if self._prices.mark not in marks:
                self._prices = self._around.prices()

    def _writing(self) -> Store:
        if self._store is None or not self._is_current():
            self._drop()
            self._store = self._opened.enter_context(open_store(self._path, write=True))
            self._identity = identity(self._path)
        return self._store

    def _is_current(self) -> bool:
        return self._identity is not None and self._identity == identity(self._path)

    def _failed(self, error: OperationError) -> None:
        if error.message != self.problem:
            self._around.say(f"telemetry is not kept: {error.message}")
        self.problem = error.message
        if isinstance(error, DamagedError):
            seen = self._identity
            self._drop()
            with contextlib.suppress(OperationError):
                make_anew(self._path, error.message, seen)

    def follow(self) -> None:
        """Bring sessions and roll-ups up to date, for those who only read."""
        try:
            store = self._writing()
            if store.rows(_CHANGED):
                with store.batch() as batch:
                    derive(batch)
                    batch.roll_up()
        except OperationError as error:
            self._failed(error)

    def close(self) -> None:
        """Leave the store in order."""
        if self._store is not None:
            self.follow()
        self._drop()

    def _drop(self) -> None:
        self._opened.close()
        self._store, self._identity = None, None


def _answer(path: str, left_out: int) -> Response:
    """Success, in part where something was left out for good: who sends it must not try again."""
    if not left_out:
        return _GOOD
    told = {_REJECTED[path]: str(left_out), "errorMessage": f"left out: {_WHY}"}
    return Response(body=json.dumps({"partialSuccess": told}).encode())


def _put(batch: Batch, exports: list[Received]) -> None:
    tables = batch.schema
    projects = _projects(batch, exports)
    for name, part in (
        ("claude_context", "answers"),
        ("claude_tool_usage", "calls"),
        ("claude_agents", "agents"),
        ("claude_events", "events"),
    ):
        table = tables.table(name)
        rows = [row for one in exports for row in getattr(one, part)]
        batch.put(table, [_placed(table, row, projects) for row in rows])
    sessions = {name: row for one in exports for name, row in one.sessions.items()}
    batch.put(tables.table("claude_sessions"), sessions.values())
    if left_out := sum(one.left_out for one in exports):
        batch.add_to_meta("telemetry_left_out", left_out)
    batch.set_meta("heard", str(nanoseconds() // 1000))


def _projects(batch: Batch, exports: list[Received]) -> dict[Scalar, Scalar]:
    """The exporter does not say where a session runs; hooks or a transcript may have."""
    names = {name for one in exports for name in one.named}
    found: dict[Scalar, Scalar] = {}
    for name in names:
        rows = batch.rows("SELECT session, project FROM claude_sessions WHERE session = ?", (name,))
        found.update((row[0], row[1]) for row in rows)
    return found


def _placed(table: Table, row: Row, projects: Mapping[Scalar, Scalar]) -> Row:
    at = table.position("project")
    project = projects.get(row[table.position("session")])
    return (*row[:at], project, *row[at + 1 :]) if project else row


def collect(
    path: str,
    listening: socket.socket,
    around: Surroundings,
    *,
    times: Times | None = None,
    stopped: Callable[[], bool] | None = None,
) -> Collector:
    """Receive telemetry into the store at `path` until a signal, or until `stopped` says so.

    What was answered with success is kept. Where the store cannot be written this is said, posts
    are told to come again, and the next one tries anew.
    """
    collector = Collector(path, around)
    serve(listening, collector, times=times, stopped=stopped)
    return collector
