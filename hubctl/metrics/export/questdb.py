"""A QuestDB over HTTP: its tables made, rows written, its errors read line by line.

Line protocol over TCP tells of no error, so it is not used. Owns what the server's answers mean;
which rows are sent, and when, is the pusher's business.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from hubctl.errors import OperationError, UsageError
from hubctl.metrics.tables.ddl import literal, questdb_additions, questdb_ddl
from hubctl.system.http import Line, Server

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hubctl.metrics.schema import Schema, Table

USER, PASSWORD, TOKEN = (
    "HUBCTL_QUESTDB_USER",
    "HUBCTL_QUESTDB_PASSWORD",
    "HUBCTL_QUESTDB_TOKEN",
)
SETTINGS = "questdb.env"  # where these may stand instead of the environment
HTTP_PORT = 9000
_LIST_BYTES, _LIST_LENGTH = 8000, 100
_OK = (200, 204)
_BAD_LINE = 400
_AT_LINE = re.compile(r"error in line (\d+): ")


class RefusedError(OperationError):
    """The server answered, and wants nothing of this table or of us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BadLine:
    """A line that the server did not take: its number from 0, and the server's reason."""

    number: int
    reason: str


class QuestDB:
    """One server. Every method raises UnreachableError where no answer comes in time.

    Args:
        server: its HTTP interface.
        headers: what every request carries (see `credentials`).
    """

    def __init__(self, server: Server, headers: Mapping[str, str] | None = None) -> None:
        self.server = server
        self._line = Line(server, headers or {})

    def close(self) -> None:
        """Let go of the server."""
        self._line.close()

    def give_up_at(self, moment: float) -> None:
        """Wait for no answer beyond that moment of `stopwatch`."""
        self._line.until = moment

    def query(self, sql: str) -> dict[str, Any]:
        """What a statement finds, as the server's own JSON: `columns` and `dataset`.

        Raises:
            RefusedError: the server says that it is wrong or not allowed.
        """
        answer = self._line.ask("GET", f"/exec?query={quote(sql)}")
        told = _told(answer.body)
        if answer.status not in _OK:
            raise RefusedError(f"{self.server}: {_reason(told, answer.status)}")
        return told

    def rows(self, sql: str) -> list[list[Any]]:
        """What a SELECT finds.

        Raises:
            RefusedError: the server says that it is wrong or not allowed, or is no QuestDB.
        """
        found = self.query(sql).get("dataset")
        if not isinstance(found, list):
            raise RefusedError(f"{self.server} does not answer as a QuestDB does")
        return found

    def has_rows(self, table: Table, machine: str) -> bool:
        """Whether it has rows of a machine."""
        where = f"machine = {literal(machine)}"
        return bool(self.rows(f"SELECT machine FROM {table.name} WHERE {where} LIMIT 1"))

    def times(
        self, table: Table, machine: str, keys: Iterable[tuple[str, ...]]
    ) -> dict[tuple[str, ...], list[int]]:
        """The times that things have there, in microseconds: those of the keys that it knows."""
        found: dict[tuple[str, ...], list[int]] = {}
        first = table.keys[0]
        select = f"SELECT {', '.join(table.keys)}, time::long FROM {table.name}"
        for values in _asked_at_once(dict.fromkeys(key[0] for key in keys)):
            where = f"machine = {literal(machine)} AND {first} IN ({values})"
            for *key, time in self.rows(f"{select} WHERE {where}"):
                found.setdefault(tuple(map(str, key)), []).append(int(time))
        return found

    def make_tables(self, schema: Schema) -> None:
        """Make the declared tables, and columns of them, where they are missing.

        Raises:
            RefusedError: one is there and keeps doubles, so that sending again would add rows.
        """
        for statement in questdb_ddl(schema):
            self.query(statement)
        names = ", ".join(f"'{table.name}'" for table in schema.tables)
        found = self.rows(
            "SELECT table_name FROM tables()"
            f" WHERE table_name IN ({names}) AND NOT (walEnabled AND dedup) ORDER BY 1"
        )
        for (name,) in found:
            raise RefusedError(
                f"{self.server}: the table {name} was made by somebody else and keeps doubles",
                hint=f"rename it there, or: {_dedup(schema.table(name), schema)}",
            )
        columns = self.rows(
            "SELECT table_name, column_name FROM information_schema.columns()"
            f" WHERE table_name IN ({names})"
        )
        for statement in questdb_additions(schema, ((table, name) for table, name in columns)):
            self.query(statement)

    def write(self, lines: bytes) -> BadLine | None:
        """Write lines of one table: all of them, or none and the first one that is not taken.

        Raises:
            RefusedError: it is not about a line: not allowed, read-only, no room.
        """
        answer = self._line.ask("POST", "/write?precision=n", lines)
        if answer.status in _OK:
            return None
        told = _told(answer.body)
        number = _line_number(told)
        if answer.status != _BAD_LINE or number is None:
            raise RefusedError(f"{self.server}: {_reason(told, answer.status)}")
        return BadLine(number=number, reason=_line_reason(told))


def _asked_at_once(values: Iterable[str]) -> Iterator[str]:
    """Lists of literals that are short enough for the address of a request, and their answers."""
    part: list[str] = []
    room = _LIST_BYTES
    for text in map(literal, values):
        size = len(quote(text))
        if part and (size > room or len(part) >= _LIST_LENGTH):
            yield ", ".join(part)
            part, room = [], _LIST_BYTES
        part.append(text)
        room -= size
    if part:
        yield ", ".join(part)


def credentials(user: str, env: Mapping[str, str]) -> dict[str, str]:
    """The headers that say who we are: a token, or user and password, of the environment."""
    if token := env.get(TOKEN, ""):
        return {"Authorization": f"Bearer {token}"}
    name, password = env.get(USER, "") or user, env.get(PASSWORD, "")
    if not (name and password):
        return {}
    both = base64.b64encode(f"{name}:{password}".encode()).decode("ascii")
    return {"Authorization": f"Basic {both}"}


def server_at(url: str) -> Server:
    """The server that an address names, such as `https://metrics.example.org:9000`.

    Raises:
        UsageError: it is none, or has a path or a password in it.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    plain = parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username)
    if parts.scheme not in ("http", "https") or not parts.hostname or not plain:
        raise UsageError(
            "not the address of a QuestDB",
            hint=f"write http://HOST:PORT; a password comes from {PASSWORD}",
        )
    tls = parts.scheme == "https"
    return Server(host=parts.hostname, port=port or (443 if tls else HTTP_PORT), tls=tls)


def server_of(document: Mapping[str, Any]) -> tuple[Server, str] | None:
    """The server and the user of `infrastructure.questdb`; None where canonical.yaml has none."""
    section = (document.get("infrastructure") or {}).get("questdb")
    if not isinstance(section, dict):
        return None
    host, port = section.get("host") or "localhost", section.get("http_port") or HTTP_PORT
    server = Server(host=str(host), port=int(port), tls=bool(section.get("tls")))
    return server, str(section.get("user") or "")


def _dedup(table: Table, schema: Schema) -> str:
    keys = ", ".join(("time", schema.machine.name, *table.keys))
    return f"ALTER TABLE {table.name} DEDUP ENABLE UPSERT KEYS({keys})"


def _told(body: bytes) -> dict[str, Any]:
    """The JSON object of an answer; any other text as its message."""
    try:
        found = json.loads(body) if body else {}
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"message": body.decode("utf-8", "replace")}


def _reason(told: Mapping[str, Any], status: int) -> str:
    text = str(told.get("error") or told.get("message") or "").strip()
    return " ".join(text.split())[:500] or f"status {status}"


def _line_number(told: Mapping[str, Any]) -> int | None:
    number = told.get("line")
    if not isinstance(number, int):
        found = _AT_LINE.search(str(told.get("message", "")))
        number = int(found[1]) if found else 0
    return number - 1 if number > 0 else None


def _line_reason(told: Mapping[str, Any]) -> str:
    text = str(told.get("message", ""))
    return " ".join(_AT_LINE.split(text)[-1].split())[:500]
