"""Rules about keys: types that cost the whole file, kill switches, keys that a place ignores.

Pure. Values of `env`, headers and helpers are never put into words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hubctl.check.client.facts import (
    CLIENT_WRITES,
    DEPRECATED,
    HOOK_PLACES,
    HOOK_SWITCHES,
    HOST_ONLY,
    JSON_TYPES,
    MANAGED_ONLY,
    MODE_MANUAL,
    NOT_COMMITTED,
)
from hubctl.check.client.rule import Hit, Rule, hit_at, members, version_text, words_of
from hubctl.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.check.client.rule import Case

DROPPED: Final = (
    "one wrong value makes the client drop the whole file silently, deny rules included"
)
HOME_PATH: Final = re.compile(
    r"(?<![\w.:/~])/{1,2}(?:home/|Users/|root/)[^/\s\"'*)]|\b[A-Z]:[\\/]Users"
)
_TYPES: Final = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
}


def wrong_type(case: Case) -> Iterator[Hit]:
    """A known key with a value of another type. §1 item 7, §4.4."""
    for keys, names in JSON_TYPES.items():
        value = case.value(*keys) if keys[0] in case.settings else None
        if value is not None and not isinstance(value, tuple(_TYPES[name] for name in names)):
            yield Hit(at=keys, what=f"{'.'.join(keys)} is no {' or '.join(names)}")


def status_line(case: Case) -> Iterator[Hit]:
    """A status line without a command. §4.4, §8."""
    line = case.value("statusLine")
    if isinstance(line, dict):
        if line.get("type") != "command":
            yield Hit(at=("statusLine", "type"), what='statusLine.type is not "command"')
        if not isinstance(line.get("command"), str):
            yield Hit(at=("statusLine", "command"), what="statusLine has no text `command`")


def environment_value(case: Case) -> Iterator[Hit]:
    """An environment variable that is no text. §4.4."""
    for name, value in members(case.value("env")):
        if not isinstance(value, str):
            yield Hit(at=("env", name), what=f"env.{name} is no text")


def cleanup_period(case: Case) -> Iterator[Hit]:
    """A retention below one day. §4.4."""
    days = case.value("cleanupPeriodDays")
    whole = isinstance(days, int) and not isinstance(days, bool) and days >= 1
    if days is not None and not whole:
        yield Hit(at=("cleanupPeriodDays",), what=f"cleanupPeriodDays {days!r}")


def mode_too_new(case: Case) -> Iterator[Hit]:
    """The mode `manual` before clients knew the word. §4.4."""
    if case.value("permissions", "defaultMode") == "manual" and case.client < MODE_MANUAL:
        what = f"defaultMode 'manual' needs client {version_text(MODE_MANUAL)}; write 'default'"
        yield Hit(at=("permissions", "defaultMode"), what=what)


def kill_switch(case: Case) -> Iterator[Hit]:
    """Whatever turns every hook off. §2.4."""
    if case.value("disableAllHooks") is True:
        yield Hit(at=("disableAllHooks",), what="disableAllHooks is true")
    for name, effect in HOOK_SWITCHES.items():
        if case.value("env", name) not in (None, "", "on"):
            yield Hit(at=("env", name), what=f"env.{name} {effect}")


def moved_state(case: Case) -> Iterator[Hit]:
    """Environment variables by which hooks find what guards. §2.5."""
    for name in HOOK_PLACES:
        if case.value("env", name) is not None:
            yield Hit(at=("env", name), what=f"env.{name} is set")


def managed_only(case: Case) -> Iterator[Hit]:
    """A key that only an organisation's settings can set. §4.4."""
    yield from _present(case, MANAGED_ONLY)


def host_only(case: Case) -> Iterator[Hit]:
    """A key of the account in a repository's file. §4.4."""
    if case.place != "host":
        yield from _present(case, HOST_ONLY)


def not_committed(case: Case) -> Iterator[Hit]:
    """A key that a committed file cannot set. §4.4."""
    if case.place == "committed":
        yield from _present(case, NOT_COMMITTED)


def deprecated(case: Case) -> Iterator[Hit]:
    """A key that has a successor. §4.4."""
    for key, instead in DEPRECATED.items():
        if case.value(key) is not None:
            yield Hit(at=(key,), what=f"{key}; its successor is {instead}")


def attribution_form(case: Case) -> Iterator[Hit]:
    """The short form of `attribution`, which only newer clients take. §4.4."""
    if isinstance(case.value("attribution"), bool):
        yield Hit(at=("attribution",), what="attribution is a truth value")


def client_writes(case: Case) -> Iterator[Hit]:
    """A key that the client saves itself. §4.2."""
    for key in CLIENT_WRITES[case.place]:
        if case.value(key) is not None:
            yield Hit(at=(key,), what=key)


def committed_home(case: Case) -> Iterator[Hit]:
    """A home folder in a file that everybody clones. §4.5; grants above all."""
    if case.place == "committed":
        for at, element, found in case.texts():
            if HOME_PATH.search(found):
                yield hit_at(at, element, f"{at[-1]} leads into somebody's home folder")
        for handler in case.handlers():
            if any(HOME_PATH.search(word) for word in words_of(handler.entry)):
                yield handler.hit("a path leads into somebody's home folder")


def _present(case: Case, rows: tuple[tuple[str, ...], ...]) -> Iterator[Hit]:
    for keys in rows:
        if keys[0] in case.settings and case.value(*keys) is not None:
            yield Hit(at=keys, what=".".join(keys))


RULES: Final = (
    Rule(
        id="settings/wrong-type",
        severity=Severity.ERROR,
        reason=DROPPED,
        find=wrong_type,
        hint="give it the type that the client expects",
    ),
    Rule(
        id="settings/status-line",
        severity=Severity.ERROR,
        reason=DROPPED,
        find=status_line,
        hint='write {"type": "command", "command": "…"}',
    ),
    Rule(
        id="settings/env-value",
        severity=Severity.ERROR,
        reason=DROPPED,
        find=environment_value,
        hint="put it in quotes",
    ),
    Rule(
        id="settings/cleanup-period",
        severity=Severity.ERROR,
        reason="the client takes whole days from 1 on, and drops the whole file otherwise",
        find=cleanup_period,
        hint="write a whole number of days, such as 30",
    ),
    Rule(
        id="settings/permission-mode-newer",
        severity=Severity.ERROR,
        reason="the client drops a settings file with a mode it does not know, deny rules included",
        find=mode_too_new,
        hint="write a mode that this client has, or name the newer one as `client` under `hub:`",
    ),
    Rule(
        id="settings/kill-switch",
        severity=Severity.ERROR,
        reason="guards stop running for everybody who reads this file",
        find=kill_switch,
        hint="drop it; to leave hooks out of one session, start the client with --safe-mode",
    ),
    Rule(
        id="settings/hook-state-moved",
        severity=Severity.WARNING,
        reason="hooks inherit the environment of settings and would look for their registry there",
        find=moved_state,
        hint="drop it",
    ),
    Rule(
        id="settings/managed-key",
        severity=Severity.WARNING,
        reason="the client reads this key from managed settings only",
        find=managed_only,
        hint="put it into the organisation's managed settings",
    ),
    Rule(
        id="settings/host-key",
        severity=Severity.WARNING,
        reason="the client ignores this key in a repository's files",
        find=host_only,
        hint="move it to global.settings",
    ),
    Rule(
        id="settings/uncommitted-key",
        severity=Severity.WARNING,
        reason="the client ignores this key in a committed file",
        find=not_committed,
        hint="move it to local or to global.settings",
    ),
    Rule(
        id="settings/deprecated-key",
        severity=Severity.NOTE,
        reason="the client still reads this key but will stop",
        find=deprecated,
        hint="write the key that takes its place",
    ),
    Rule(
        id="settings/attribution-form",
        severity=Severity.NOTE,
        reason="older clients drop the whole file over it",
        find=attribution_form,
        hint='write {"commit": "", "pr": ""} for false',
    ),
    Rule(
        id="settings/client-writes",
        severity=Severity.NOTE,
        reason="the client itself saves this key here when somebody uses its menus; expect drift",
        find=client_writes,
        hint="leave it to the client, or write it in a file that the client does not save to",
    ),
    Rule(
        id="settings/committed-home",
        severity=Severity.WARNING,
        reason="it grants or calls nothing on any other machine, and tells who wrote it",
        find=committed_home,
        hint="write it under local, or begin it with ~/ or ${CLAUDE_PROJECT_DIR}",
    ),
)
