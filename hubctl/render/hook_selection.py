"""Which hooks of ours a target has, at which event, scope and lane; and what is wrong there.

Pure. Rendering of settings and of the compiled registry start from this one answer, so that the
handler of an event and the rows it will find cannot disagree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hubctl.model.events import is_known_to
from hubctl.model.finding import Finding, Severity
from hubctl.model.shared import Shared
from hubctl.render.own_hooks import find_hook, own_hooks
from hubctl.render.spec import is_committed, map_at, text_at
from hubctl.system.hooks_package import contract, registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.model.target import Subject

LOCAL, PROJECT, HOST = "local", "project", "host"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One entry of the spec's `hooks`.

    Attributes:
        event: the client's event. index: position in the event's list, for findings.
        scope: LOCAL, PROJECT or HOST, with `commit: false` already applied.
        name: id of a hook of ours, "" for a handler of the user's own.
        options: canonical's options for the hook. handler, matcher: of a user's own handler.
    """

    event: str
    index: int
    scope: str
    name: str = ""
    options: Mapping[str, object] = field(default_factory=dict)
    handler: Mapping[str, object] = field(default_factory=dict)
    matcher: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enabled:
    """One hook of ours at one event; `lane` names the handler that will run it."""

    hook: registry.Hook
    event: str
    scope: str
    lane: str
    options: Mapping[str, object]


_ENABLED: Shared[tuple[Enabled, ...]] = Shared()


def wanted(subject: Subject) -> Iterator[Wanted]:
    """The entries that this target renders, in the order of the spec."""
    for event, entries in map_at(subject.spec, "hooks").items():
        for index, entry in enumerate(entries if isinstance(entries, (list, tuple)) else ()):
            if isinstance(entry, Mapping):
                one = _read(subject, event, index, entry)
                if (one.scope == HOST) == subject.target.is_host:
                    yield one


def _read(subject: Subject, event: str, index: int, entry: Mapping[str, object]) -> Wanted:
    scope = text_at(entry, "scope") or (HOST if subject.target.is_host else LOCAL)
    if scope == PROJECT and not is_committed(subject):
        scope = LOCAL
    return Wanted(
        event=event,
        index=index,
        scope=scope,
        name=text_at(entry, "hook"),
        options=map_at(entry, "options"),
        handler=map_at(entry, "handler"),
        matcher=text_at(entry, "matcher"),
    )


def enabled(subject: Subject) -> tuple[Enabled, ...]:
    """Every hook of ours that can run here, once per event, sorted by event and running order.

    A hook listed twice for an event has the options of the later entry. Entries that
    `hook_findings` objects to are left out, except for their options.
    """
    shared = (map_at(subject.spec, "hooks"), subject.sources.get("hooks", ()))
    also = (subject.hub, subject.target.is_host, is_committed(subject), client_of(subject))
    return _ENABLED.get(shared, also, lambda: _enabled(subject))


def _enabled(subject: Subject) -> tuple[Enabled, ...]:
    found: dict[tuple[str, str], tuple[registry.Hook, Wanted]] = {}
    for entry in wanted(subject):
        hook = _find(subject, entry.name) if entry.name else None
        known = is_known_to(entry.event, client_of(subject))
        if hook is not None and entry.event in hook.events and known:
            found[entry.event, hook.id] = (hook, entry)
    chosen = [found[key] for key in sorted(found)]
    lanes = _blocking_lanes(chosen)
    rows = [
        Enabled(
            hook=hook,
            event=entry.event,
            scope=entry.scope,
            lane=_lane(hook, entry, lanes),
            options={**hook.options, **entry.options},
        )
        for hook, entry in chosen
    ]
    return tuple(sorted(rows, key=lambda row: (row.event, row.hook.order, row.hook.id)))


def client_of(subject: Subject) -> str:
    """The oldest client that has to read what is rendered; "" for the newest."""
    return text_at(map_at(subject.document, "hub"), "client")


def _find(subject: Subject, name: str) -> registry.Hook | None:
    return find_hook(subject.hub, subject.sources.get("hooks", ()), name)


def _runs_async(hook: registry.Hook, event: str) -> bool:
    return bool(hook.observing) and event not in registry.NEVER_ASYNC


def _blocking_lanes(chosen: list[tuple[registry.Hook, Wanted]]) -> dict[tuple[str, str], str]:
    """(event, scope) → `closed` where one of its blocking hooks is, else `open`."""
    lanes: dict[tuple[str, str], str] = {}
    for hook, entry in chosen:
        closed = hook.on_error == registry.CLOSED and entry.event in contract.CLOSABLE
        if closed and not _runs_async(hook, entry.event):
            lanes[entry.event, entry.scope] = "closed"
    return lanes


def _lane(hook: registry.Hook, entry: Wanted, lanes: dict[tuple[str, str], str]) -> str:
    if _runs_async(hook, entry.event):
        return "project-async" if entry.scope == PROJECT else "async"
    if entry.scope == PROJECT:
        return "project"  # a colleague without hubctl must never be locked out
    return lanes.get((entry.event, entry.scope), "open")


def hook_findings(subject: Subject) -> tuple[Finding, ...]:
    """What is wrong with the target's list of our hooks: unknown names, events, options."""
    found: list[Finding] = []
    for entry in wanted(subject):
        if not entry.name:
            continue
        hook = _find(subject, entry.name)
        if hook is None:
            found.append(_unknown(subject, entry))
        elif entry.event not in hook.events:
            found.append(_wrong_event(subject, entry, hook))
        elif not is_known_to(entry.event, client_of(subject)):
            found.append(_newer_event(subject, entry, hook))
        else:
            found += _wrong_options(subject, entry, hook)
    return tuple(found)


def _finding(  # noqa: PLR0913 - keyword only, one per field of a finding
    subject: Subject,
    entry: Wanted,
    *,
    rule: str,
    severity: Severity,
    message: str,
    at: str = "",
    expected: str = "",
    hint: str = "",
    exit_code: int = 1,
) -> Finding:
    return Finding(
        rule=rule,
        severity=severity,
        message=message,
        path=f"hooks.{entry.event}[{entry.index}]{at}",
        address=f"{subject.target.name}:.",
        expected=expected,
        hint=hint,
        exit_code=exit_code,
    )


def _unknown(subject: Subject, entry: Wanted) -> Finding:
    import difflib

    own = own_hooks(subject.hub, subject.sources.get("hooks", ()))
    if entry.name in own:
        return replace(own[entry.name].finding(), address=f"{subject.target.name}:.")
    ids = [*own, *(hook.id for hook in registry.HOOKS)]
    near = difflib.get_close_matches(entry.name, ids, n=1)
    return _finding(
        subject,
        entry,
        rule="hooks/unknown",
        severity=Severity.WARNING,
        message=f"no hook is called {entry.name}",
        hint=f"did you mean {near[0]}?" if near else f"hooks: {', '.join(ids)}",
    )


def _wrong_event(subject: Subject, entry: Wanted, hook: registry.Hook) -> Finding:
    return _finding(
        subject,
        entry,
        rule="hooks/wrong-event",
        severity=Severity.WARNING,
        message=f"the hook {hook.id} has nothing to do at {entry.event}",
        expected=" or ".join(hook.events),
        hint=f"list it under {hook.events[0]}",
    )


def _newer_event(subject: Subject, entry: Wanted, hook: registry.Hook) -> Finding:
    return _finding(
        subject,
        entry,
        rule="hooks/newer-event",
        severity=Severity.NOTE,
        message=f"{hook.id} is left out at {entry.event}: client {client_of(subject)} has no such "
        "event, and would ask about it at every interactive start",
        hint="raise hub.client once no older client reads these settings",
        exit_code=0,
    )


def _wrong_options(subject: Subject, entry: Wanted, hook: registry.Hook) -> list[Finding]:
    if not entry.options:
        return []
    from jsonschema import Draft202012Validator

    errors = Draft202012Validator(hook.schema).iter_errors(dict(entry.options))
    return [
        _finding(
            subject,
            entry,
            rule="hooks/option",
            severity=Severity.ERROR,
            message=f"option of {hook.id}: {error.message}",
            at="".join(f".{part}" for part in ("options", *error.absolute_path)),
            expected=_expected(error.schema),
            exit_code=2,
        )
        for error in sorted(errors, key=str)
    ]


def _expected(schema: object) -> str:
    return text_at(schema, "description") if isinstance(schema, Mapping) else ""
