"""Lint of `.mcp.json`: servers that the client cannot start, and fields that it ignores. Pure.

A `${VAR}` that is not set is no finding: it is set where the server runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hubctl.check.client.key_rules import HOME_PATH
from hubctl.check.client.report import findings_of
from hubctl.check.client.rule import (
    Case,
    Hit,
    Rule,
    elements,
    is_above,
    is_number,
    listed,
    members,
    text,
    words_of,
)
from hubctl.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubctl.check.client.rule import Place
    from hubctl.model.finding import Finding

SERVERS: Final = "mcpServers"
TYPES: Final = {"stdio": "command", "http": "url", "sse": "url", "ws": "url"}
"""Transport → the field without which there is nothing to reach."""


def lint_mcp(
    document: Mapping[str, object], *, scope: Place, file: str = ""
) -> tuple[Finding, ...]:
    """Everything that is wrong with a `.mcp.json`.

    Args:
        document: its content: a JSON object with `mcpServers`.
        scope: `committed`, or `local` under `commit: false`.
        file: `target:path` of the file, for the addresses of the findings.
    """
    case = Case(settings=document, place=scope, client=(0, 0, 0))
    return findings_of(((rule, hit) for rule in RULES for hit in rule.find(case)), file)


def no_object(case: Case) -> Iterator[Hit]:
    """A server that is no object. §4.6."""
    for name, server in members(case.value(SERVERS)):
        if not isinstance(server, dict):
            yield Hit(at=(SERVERS, name), what=f"server {name} is no object")


def url_without_type(case: Case) -> Iterator[Hit]:
    """An address without a transport. §4.6."""
    for name, server in _servers(case):
        if "url" in server and "type" not in server:
            yield Hit(at=(SERVERS, name), what=f"server {name} has a url and no type")


def unknown_type(case: Case) -> Iterator[Hit]:
    """A transport that the client does not have. §4.6."""
    for name, server in _servers(case):
        if server.get("type", "stdio") not in TYPES:
            yield Hit(at=(SERVERS, name, "type"), what=f"server {name}")


def nothing_to_reach(case: Case) -> Iterator[Hit]:
    """A server without the field that its transport needs. §4.6."""
    for name, server in _servers(case):
        kind = text(server.get("type")) or ("" if "url" in server else "stdio")
        field = TYPES.get(kind, "")
        if field and not text(server.get(field)):
            yield Hit(at=(SERVERS, name), what=f"server {name} has no text `{field}`")


def short_timeout(case: Case) -> Iterator[Hit]:
    """A timeout in seconds. §4.6."""
    for name, server in _servers(case):
        timeout = server.get("timeout", 1000)
        if not is_number(timeout) or not is_above(timeout, 999):
            yield Hit(at=(SERVERS, name, "timeout"), what=f"server {name}: timeout {timeout!r}")


def no_texts(case: Case) -> Iterator[Hit]:
    """Arguments, variables and headers that are no text. §4.6."""
    for name, server in _servers(case):
        args = server.get("args", [])
        if not isinstance(args, list) or not all(isinstance(arg, str) for arg in elements(args)):
            yield Hit(at=(SERVERS, name, "args"), what=f"server {name}: args is no list of texts")
        for field in ("env", "headers"):
            for key, value in members(server.get(field)):
                if not isinstance(value, str):
                    at = (SERVERS, name, field, key)
                    yield Hit(at=at, what=f"server {name}: {field}.{key} is no text")


def committed_home(case: Case) -> Iterator[Hit]:
    """A home folder in a file that everybody clones. §4.6."""
    for name, server in _servers(case) if case.place == "committed" else ():
        for field in ("command", "args", "headersHelper"):
            if any(HOME_PATH.search(word) for word in words_of(server.get(field))):
                what = f"server {name}: {field} leads into somebody's home folder"
                yield Hit(at=(SERVERS, name, field), what=what)


def _servers(case: Case) -> Iterator[tuple[str, dict[str, object]]]:
    for name, server in members(case.value(SERVERS)):
        if isinstance(server, dict):
            yield name, server


RULES: Final = (
    Rule(
        id="mcp/no-object",
        severity=Severity.WARNING,
        reason="the client cannot read such a server",
        find=no_object,
        hint="write `command` or `url` under its name",
    ),
    Rule(
        id="mcp/url-without-type",
        severity=Severity.WARNING,
        reason="the client takes a server without a type for a local program and fails to start it",
        find=url_without_type,
        hint="add type: http, sse or ws",
    ),
    Rule(
        id="mcp/unknown-type",
        severity=Severity.WARNING,
        reason=f"the client has the types {listed(TYPES)} only",
        find=unknown_type,
        hint="write one of those types",
    ),
    Rule(
        id="mcp/nothing-to-reach",
        severity=Severity.WARNING,
        reason="the client has nothing to start or to reach",
        find=nothing_to_reach,
        hint="add `command` or `url`, as its type needs",
    ),
    Rule(
        id="mcp/timeout",
        severity=Severity.WARNING,
        reason="the client counts a server's timeout in milliseconds and ignores less than 1000",
        find=short_timeout,
        hint="multiply seconds by 1000",
    ),
    Rule(
        id="mcp/no-text",
        severity=Severity.WARNING,
        reason="the client cannot read such a server",
        find=no_texts,
        hint="put it in quotes",
    ),
    Rule(
        id="mcp/committed-home",
        severity=Severity.WARNING,
        reason="on any other machine nothing is there",
        find=committed_home,
        hint="write ${HOME}, or name the program alone",
    ),
)
