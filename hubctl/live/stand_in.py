"""Stand-ins for settings files: what the client judges stays, what would reach anything goes.

Every handler that is not hubctl's own is replaced by one that only writes down that it ran; keys
that start programs, load plugins or lead to other servers are left out. Whatever the client might
reject stays as it is, since rejecting is what is to be seen. Pure.
"""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hubctl.check.client.facts import HOOK_SWITCHES
from hubctl.errors import OperationError
from hubctl.live.entries import PROJECT_LANES, own_command
from hubctl.render.hook_commands import machine_command

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hubctl.live.result import Entry, SettingsFile
    from hubctl.model.target import Machine

PROMPT_MARK: Final = "hubctl-live-hook-"
HTTP_PATH: Final = "/hook/"
CANARY: Final = "canary-"
_CANARY_EVENTS: Final = ("SessionStart", "UserPromptSubmit", "Stop", "SessionEnd")
_SECONDS: Final = 10

# Key → the JSON type with which it would start a program, load code, or lead out of the folder.
# With any other type it does nothing but be rejected.
REACHING: Final[Mapping[str, type]] = {
    "additionalMarketplaces": dict,
    "agent": str,
    "allowedHttpHookUrls": list,
    "apiKeyHelper": str,
    "autoMemoryDirectory": str,
    "awsAuthRefresh": str,
    "awsCredentialExport": str,
    "enabledPlugins": dict,
    "extraKnownMarketplaces": dict,
    "fileSuggestion": dict,
    "forceLoginMethod": str,
    "forceLoginOrgUUID": str,
    "gcpAuthRefresh": str,
    "httpHookAllowedEnvVars": list,
    "otelHeadersHelper": str,
    "plansDirectory": str,
    "pluginConfigs": dict,
    "processWrapper": str,
    "proxyAuthHelper": str,
    "sandbox": dict,
    "statusLine": dict,
    "subagentStatusLine": dict,
    "worktree": dict,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where stand-ins lead: a folder for marks, a stub's URL, the machine and its scratch twin."""

    marks: str
    url: str
    machine: Machine
    twin: Machine


def recorder(folder: str, mark: str) -> str:
    """A shell line that writes its input to a new file of that mark."""
    return f'exec cat >"$(mktemp {shlex.quote(f"{folder}/{mark}")}.XXXXXXXX)"'


def stand_in(
    file: SettingsFile,
    entries: Mapping[str, Entry],
    place: Place,
    knows: Callable[[str], bool],
) -> str:
    """The text that stands in for a file.

    `entries` are its own by their `at`; `knows` tells whether the client has a key of that name.
    """
    document = {
        key: value
        for key, value in (file.document or {}).items()
        if key not in ("env", "hooks") and _is_harmless(key, value, knows)
    }
    env = (file.document or {}).get("env")
    if env is not None:
        document["env"] = _env(env)
    hooks = (file.document or {}).get("hooks", {})
    document["hooks"] = _with_canary(_hooks(hooks, entries, place), file, place)
    return json.dumps(document)


def _is_harmless(key: str, value: object, knows: Callable[[str], bool]) -> bool:
    if key in REACHING:
        return not isinstance(value, REACHING[key])
    # What a key nobody knows makes of a text or an object cannot be foreseen.
    return knows(key) or isinstance(value, (bool, int, float, type(None)))


def _env(env: object) -> object:
    """Only what switches hooks off, and what the client would reject."""
    if not isinstance(env, dict):
        return env
    return {k: v for k, v in env.items() if k in HOOK_SWITCHES or not isinstance(v, str)}


def _hooks(hooks: object, entries: Mapping[str, Entry], place: Place) -> object:
    if not isinstance(hooks, dict):
        return hooks
    copied: dict[str, Any] = json.loads(json.dumps(hooks))
    for event, groups in copied.items():
        for number, group in enumerate(groups if isinstance(groups, list) else ()):
            handlers = group.get("hooks") if isinstance(group, dict) else None
            if isinstance(handlers, list):
                at = f"hooks.{event}.{number}.hooks"
                group["hooks"] = [
                    _handler(handler, entries[f"{at}.{index}"], place)
                    if isinstance(handler, dict)
                    else handler
                    for index, handler in enumerate(handlers)
                ]
    return copied


def _handler(handler: dict[str, Any], entry: Entry, place: Place) -> dict[str, Any]:
    """The handler with everything that decides whether it is taken and run, and harmless."""
    # What runs in the background is killed with the session; here it is to be seen.
    kept = {k: v for k, v in handler.items() if k not in ("async", "asyncRewake") or v is not True}
    own = own_command(place.machine, entry.event, handler.get("command"))
    if own is not None:
        if own[1] not in PROJECT_LANES:
            kept["command"] = machine_command(place.twin, *own)
        return kept
    return kept | _recording(handler, entry.number, place)


def _recording(handler: Mapping[str, object], number: int, place: Place) -> dict[str, object]:
    """What replaces the parts of a handler that act, each by its own kind."""
    changed: dict[str, object] = {}
    if isinstance(handler.get("command"), str):
        line = recorder(place.marks, str(number))
        args = handler.get("args")
        if isinstance(args, list) and all(isinstance(arg, str) for arg in args):
            changed |= {"command": "/bin/sh", "args": ["-c", line]}
        else:
            changed["command"] = line
        if isinstance(handler.get("shell"), str):
            changed["shell"] = "bash"
    url = handler.get("url")
    if isinstance(url, str) and url.startswith(("http://", "https://")):
        changed["url"] = f"{place.url}{HTTP_PATH}{number}"
        if isinstance(handler.get("headers"), dict):
            changed["headers"] = {}
    if isinstance(handler.get("prompt"), str):
        changed["prompt"] = f"{PROMPT_MARK}{number}-"
    if handler.get("type") == "mcp_tool" and "onFailure" in handler:
        changed["onFailure"] = "continue"  # no server runs, and that must not stop the session
    return changed


def _with_canary(hooks: object, file: SettingsFile, place: Place) -> object:
    """With one more handler: when it runs, the client took the file."""
    if not isinstance(hooks, dict):
        return hooks
    command = recorder(place.marks, CANARY + file.place)
    handler = {"type": "command", "command": command, "timeout": _SECONDS}
    for event in _CANARY_EVENTS:
        groups = hooks.get(event, [])
        if isinstance(groups, list):
            return hooks | {event: [*groups, {"hooks": [handler]}]}
    return hooks


def require_harmless(managed: object) -> None:
    """Refuse where the organisation's settings would act: no copy stands in for those.

    Raises:
        OperationError: they run programs, load code or set variables.
    """
    if not isinstance(managed, dict):
        return
    acting = sorted(key for key in managed if key in REACHING or key in ("env", "hooks"))
    if acting:
        raise OperationError(
            f"the managed settings of this machine have {', '.join(acting)}, which would act in "
            "a copy as anywhere",
            hint="prove it on a machine without them",
        )
