"""The client's settings files: which files they are, and which switches in them disarm hooks.

Pure over parsed documents. A switch is compared before and after: what stood there already is
nobody's new deed.
"""

from hooks_shared.jsontext import dumps, loads

_NAMES = ("settings.json", "settings.local.json", "managed-settings.json")
_OUR_PROGRAM = "current/run.py"
_OUR_VARIABLES = ("HUBCTL_HOOKS", "HUBCTL_HOOKS_OFF")
BROKEN = "broken"


def is_settings(path: str) -> bool:
    """Whether a path is a settings file of the client, in whatever spelling of letters."""
    folder, _, name = path.lower().rpartition("/")
    if name not in _NAMES:
        return False
    last = folder.rpartition("/")[2]
    return last in (".claude", "claude-code", "claudecode") or name == "managed-settings.json"


def parsed(text: str | None) -> dict[str, object] | None:
    """The settings that `text` spells: {} for an empty file, None where the client drops it."""
    if text is None:
        return None
    if not text.strip("\ufeff \t\r\n"):
        return {}
    try:
        value = loads(text.removeprefix("\ufeff"))
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def switches(settings: dict[str, object]) -> dict[str, str]:
    """What in these settings disarms hooks or permissions: how it is called → what it does."""
    found: dict[str, str] = {}
    if settings.get("disableAllHooks") not in (None, False):
        found["disableAllHooks"] = "switches every hook off"
    for name in ("allowManagedHooksOnly", "strictPluginOnlyCustomization"):
        if settings.get(name) not in (None, False, []):
            found[name] = "switches off hooks of settings files"
    env = settings.get("env")
    for name in _OUR_VARIABLES:
        if isinstance(env, dict) and env.get(name) not in (None, "", "on"):
            found[f"env.{name}"] = "switches our hooks off"
    permissions = settings.get("permissions")
    if isinstance(permissions, dict):
        if permissions.get("defaultMode") == "bypassPermissions":
            found["permissions.defaultMode"] = "lets every call pass without a question"
        listed = permissions.get("additionalDirectories")
        for one in listed if isinstance(listed, list) else ():
            found[f"permissions.additionalDirectories {one!r}"] = "opens one more folder"
    return found


def disarming(before: str | None, after: str | None) -> dict[str, str]:
    """Switches that a change from `before` to `after` sets; our handlers it removes."""
    new = parsed(after)
    old = parsed(before) or {}
    if new is None:
        lost = "is no JSON object, so the client would ignore the whole file, its hooks included"
        return {BROKEN: lost} if after is not None else {}
    known = switches(old)
    found = {name: what for name, what in switches(new).items() if name not in known}
    for event in sorted(_armed(old) - _armed(new)):
        found[f"hooks.{event}"] = "takes away the handler of our hooks"
    return found


def _events(settings: dict[str, object]) -> list[tuple[str, object]]:
    hooks = settings.get("hooks")
    return list(hooks.items()) if isinstance(hooks, dict) else []


def _armed(settings: dict[str, object]) -> set[str]:
    """Events at which a handler of ours stands."""
    return {event for event, groups in _events(settings) if _OUR_PROGRAM in dumps(groups)}
