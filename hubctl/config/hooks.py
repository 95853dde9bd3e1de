"""Hook entries of canonical.yaml in the one form that a resolved spec has.

An entry is the id of a hook (`smart-safety-check.py`), a mapping `{hook, options, scope, enabled}`,
or a handler of the user's own `{type, …, matcher, scope}`. Which hooks exist is not known here.
"""

from __future__ import annotations

from typing import Any

from hubctl.config.merge import EDITS, is_edit
from hubctl.model.events import normal_event

LOCAL, PROJECT, HOST = "local", "project", "host"
DEFAULT_SCOPE = LOCAL
_OURS = ("matcher", "scope")  # the rest of a user's own handler is the client's


def normal_hook(text: str) -> str:
    """A hook's id whatever its case, with `-` or `_`, with or without `.py`."""
    return text.strip().lower().removesuffix(".py").replace("_", "-")


def normal_entry(entry: Any) -> Any:
    """One entry as `{"hook": …}` with what else was written, or `{"handler": …}`."""
    if isinstance(entry, str):
        return {"hook": normal_hook(entry)}
    if not isinstance(entry, dict):
        return entry
    if isinstance(entry.get("hook"), str):
        return {**entry, "hook": normal_hook(entry["hook"])}
    handler = {key: value for key, value in entry.items() if key not in _OURS}
    scope = entry.get("scope") or DEFAULT_SCOPE
    return {"handler": handler, "matcher": entry.get("matcher") or "", "scope": scope}


def normal_entries(value: Any) -> Any:
    """The entries of one event, or an edit of them."""
    if is_edit(value):
        return {key: [normal_entry(e) for e in value[key]] for key in EDITS if key in value}
    return [normal_entry(entry) for entry in value] if isinstance(value, list) else value


def event_name(key: str) -> str:
    """The client's spelling of an event; an unknown one stays (semantics reports it)."""
    return normal_event(key) or key


def completed(hooks: dict[str, Any], *, host: bool) -> dict[str, list[dict[str, Any]]]:
    """Merged entries with scope and options written out, and only those of the host or all others.

    Entries that are switched off, and events without an entry, are left out.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for event, entries in hooks.items():
        listed = [entry for entry in entries if isinstance(entry, dict)]
        whole = [_whole(entry) for entry in listed if entry.get("enabled") is not False]
        kept = [entry for entry in whole if (entry["scope"] == HOST) == host]
        if kept:
            found[event] = kept
    return found


def _whole(entry: dict[str, Any]) -> dict[str, Any]:
    scope = entry.get("scope") or DEFAULT_SCOPE
    if "hook" in entry:
        return {"hook": entry["hook"], "scope": scope, "options": entry.get("options") or {}}
    return {**entry, "scope": scope}
