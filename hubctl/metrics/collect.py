"""What `hubctl collect` does: telemetry from the client into the store, answered once it is kept.

Posts that wait together are put in one transaction, and a kill loses nothing that was answered
with success.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from hubctl.errors import OperationError
from hubctl.metrics.derive import derive
from hubctl.metrics.otel import Received, read_logs, read_metrics
from hubctl.metrics.store import open_store
from hubctl.system.clock import nanoseconds
from hubctl.system.loopback import Response
from hubctl.system.loopback_service import ToKeep, serve

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Mapping

    from hubctl.metrics.batch import Batch
    from hubctl.metrics.prices import Prices
    from hubctl.metrics.schema import Scalar, Table
    from hubctl.metrics.store import Store
    from hubctl.system.loopback import Request

    Page = Callable[[Store], Response]
    Row = tuple[Scalar, ...]

PORT = 4318
FOLLOW_SECONDS = 60.0
_TRACES = "/v1/traces"  # taken and dropped: nothing is read from them
_CHANGED = "SELECT 1 FROM stale UNION SELECT 1 FROM dirty LIMIT 1"
_GOOD = Response(body=b"{}")
_JSON_ONLY = Response(
    status=415,
    body=b"only JSON is understood: OTEL_EXPORTER_OTLP_PROTOCOL=http/json\n",
    kind="text/plain",
)


class Collector:
    """Receives exports and puts them into an open store.

    Attributes:
        received: rows put so far. problem: why the last of them could not be, "" where they were.
    """

    def __init__(self, store: Store, prices: Prices, pages: Mapping[str, Page]) -> None:
        self.received = 0
        self.problem = ""
        self._store = store
        self._prices = prices
        self._pages = pages
        self._readers = {"/v1/logs": self._logs, "/v1/metrics": self._metrics}

    def answer(self, request: Request) -> Response | ToKeep:
        """Answer one request; exports are to be kept first."""
        if request.path in self._pages:
            return self._page(request)
        if request.path not in (*self._readers, _TRACES):
            return Response(status=404)
        if request.method != "POST":
            return Response(status=405, headers={"Allow": "POST"})
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return _JSON_ONLY
        if request.path == _TRACES:
            return _GOOD
        return self._receive(request)

    def _page(self, request: Request) -> Response:
        if request.method not in ("GET", "HEAD"):
            return Response(status=405, headers={"Allow": "GET"})
        found = self._pages[request.path](self._store)
        return replace(found, body=b"") if request.method == "HEAD" else found

    def _receive(self, request: Request) -> Response | ToKeep:
        received = Received()
        try:
            self._readers[request.path](json.loads(request.body), received)
        except (ValueError, RecursionError):
            return Response(status=400, body=b"no JSON\n", kind="text/plain")
        if not received.count and not received.left_out:
            return _GOOD
        return ToKeep(content=received, response=_GOOD)

    def _logs(self, document: object, into: Received) -> None:
        read_logs(document, self._prices, into)

    def _metrics(self, document: object, into: Received) -> None:
        read_metrics(document, into)

    def keep(self, contents: list[object]) -> bool:
        """Put exports into the store, in one transaction; whether that worked."""
        exports = [one for one in contents if isinstance(one, Received)]
        try:
            with self._store.batch() as batch:
                _put(batch, exports)
        except OperationError as error:
            self.problem = error.message
            return False
        self.problem = ""
        self.received += sum(one.count for one in exports)
        return True

    def follow(self) -> None:
        """Bring sessions and roll-ups up to date, for those who only read."""
        with contextlib.suppress(OperationError):
            if self._store.rows(_CHANGED):
                with self._store.batch() as batch:
                    derive(batch)
                    batch.roll_up()


def _put(batch: Batch, exports: list[Received]) -> None:
    tables = batch.schema
    sessions = {name: row for one in exports for name, row in one.sessions.items()}
    projects = _projects(batch, sessions)
    for name in ("claude_context", "claude_tool_usage", "claude_events"):
        table = tables.table(name)
        part = {"claude_context": "answers", "claude_tool_usage": "calls"}.get(name, "events")
        rows = [row for one in exports for row in getattr(one, part)]
        batch.put(table, [_placed(table, row, projects) for row in rows])
    batch.put(tables.table("claude_sessions"), sessions.values())
    if left_out := sum(one.left_out for one in exports):
        batch.add_to_meta("telemetry_left_out", left_out)
    batch.set_meta("heard", str(nanoseconds() // 1000))


def _projects(batch: Batch, sessions: Mapping[str, Row]) -> dict[Scalar, Scalar]:
    """The exporter does not say where a session runs; hooks or a transcript may have."""
    found: dict[Scalar, Scalar] = {}
    for name in sessions:
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
    prices: Prices,
    pages: Mapping[str, Page] | None = None,
    stopped: Callable[[], bool] | None = None,
) -> Collector:
    """Receive telemetry into the store at `path` until a signal, or until `stopped` says so.

    `pages` are further paths, each a function of the store. What was answered with success is kept.

    Raises:
        OperationError: the store cannot be opened.
    """
    with open_store(path, write=True) as store:
        collector = Collector(store, prices, pages or {})
        serve(listening, collector, every=FOLLOW_SECONDS, stopped=stopped)
        collector.follow()
    return collector
