"""Checks of hook lists: events that do not exist, ids nobody knows, handlers that cannot work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hubctl.config.hooks import HOST, normal_hook
from hubctl.config.layers import Body, mapping
from hubctl.config.load import LOCAL
from hubctl.config.places import path_text
from hubctl.config.problems import nearest, problem, shown, warning
from hubctl.config.semantic_bodies import added, bodies
from hubctl.model.events import EVENTS, normal_event

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from hubctl.config.load import Canonical
    from hubctl.config.places import DocPath
    from hubctl.model.finding import Finding

LONGEST_TIMEOUT = 3600  # seconds; more is almost always meant as milliseconds
_NEEDED = {
    "command": ("command",),
    "http": ("url",),
    "mcp_tool": ("server", "tool"),
    "prompt": ("prompt",),
    "agent": ("prompt",),
}
_SHARED = (("global",), ("defaults",))


def hook_findings(canonical: Canonical, known: Collection[str] | None) -> Iterator[Finding]:
    """Everything wrong with the hooks of all bodies; ids only where `known` says which exist."""
    ids = None if known is None else {normal_hook(name) for name in known}
    for path, body in bodies(canonical.document):
        hooks = mapping(body.get("hooks"))
        yield from _events(canonical, (*path, "hooks"), hooks)
        for event, value in hooks.items():
            for at, entry in added(value, (*path, "hooks", event)):
                yield from _entry(canonical, path, at, entry)
                if ids is not None:
                    yield from _unknown(canonical, at, entry, ids)


def _events(canonical: Canonical, path: DocPath, hooks: Body) -> Iterator[Finding]:
    written: dict[str, str] = {}
    for key in hooks:
        at = (*path, key)
        event = normal_event(key)
        if event is None:
            near = nearest(key.replace("_", ""), EVENTS)
            yield problem(
                "unknown-event",
                f"the client has no event `{shown(key)}`",
                canonical.location(at),
                path=path_text(at),
                expected=f"one of {', '.join(EVENTS)}" if not near else f"`{near}`",
                hint=f"did you mean `{near}`?" if near else "",
            )
        elif event in written:
            message = f"`{shown(key)}` and `{written[event]}` are one event"
            where = canonical.location(at)
            hint = "put their hooks into one list"
            yield problem("duplicate-key", message, where, path=path_text(at), hint=hint)
        else:
            written[event] = key


def _entry(canonical: Canonical, body: DocPath, at: DocPath, entry: Any) -> Iterator[Finding]:
    if not isinstance(entry, dict):
        return
    if entry.get("scope") == HOST and body not in (*_SHARED, (LOCAL, "global")):
        yield problem(
            "host-scope",
            "a hook of one repository cannot go to the host",
            canonical.location((*at, "scope"), value=True),
            path=path_text((*at, "scope")),
            expected="`local` or `project`",
            hint="list it under `global:` to install it for this account",
        )
    if "hook" not in entry and isinstance(entry.get("type"), str):
        yield from _handler(canonical, at, entry)


def _handler(canonical: Canonical, at: DocPath, entry: Body) -> Iterator[Finding]:
    kind = entry["type"]
    for key in _NEEDED.get(kind, ()):
        if not entry.get(key):
            where = canonical.location(at)
            message = f"a handler of type `{kind}` needs `{key}`; the client drops it without"
            yield problem("missing-key", message, where, path=path_text(at), expected=f"`{key}:`")
    timeout = entry.get("timeout")
    if isinstance(timeout, (int, float)) and timeout > LONGEST_TIMEOUT:
        yield warning(
            "timeout",
            f"a timeout of {timeout:g} seconds is {timeout / 3600:.1f} hours",
            canonical.location((*at, "timeout"), value=True),
            path=path_text((*at, "timeout")),
            expected=f"seconds, at most {LONGEST_TIMEOUT}",
            hint=f"write {timeout / 1000:g} if these are milliseconds",
        )


def _unknown(
    canonical: Canonical, at: DocPath, entry: Any, known: Collection[str]
) -> Iterator[Finding]:
    written = mapping(entry).get("hook") if isinstance(entry, dict) else entry
    if not isinstance(written, str) or normal_hook(written) in known:
        return
    near = nearest(normal_hook(written), known)
    yield warning(
        "unknown-hook",
        f"there is no hook `{shown(written)}`",
        canonical.location(at, value=True),
        path=path_text(at),
        expected=f"`{near}`" if near else "the id of a hook that ships with hubctl",
        hint=f"did you mean `{near}`?" if near else "`hubctl apply` refuses until the name is gone",
    )
