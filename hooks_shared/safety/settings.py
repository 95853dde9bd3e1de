"""Switching our hooks off: the kill switch, settings that disable them, removed or changed files.

Owns which paths belong to the hooks; writing the kill switch into a file counts as setting it.
"""

from hooks_shared.shell.values import STAR, last_name, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.safety.judge import Judge
    from hooks_shared.shell.state import Call
    from hooks_shared.shell.walk import Shell

_SWITCHES = ("HUBCTL_HOOKS", "HUBCTL_HOOKS_OFF")
_SWITCHING = ("disableAllHooks", "HUBCTL_HOOKS")
_SETTINGS = ("settings.json", "settings.local.json", "managed-settings.json", ".claude.json")


def is_ours(path: str) -> bool:
    """Whether a path is the hook link, a release, or the state that guards read."""
    if "hubctl" not in path and ".claude" not in path:
        return False
    parts = path.rstrip("/" + STAR).split("/")
    if parts[-1] == ".claude" or parts[-2:] == [".claude", "hooks"]:
        return True
    if ".claude" in parts and parts[parts.index(".claude") + 1 :][:2] == ["hooks", "hubctl"]:
        return True
    state = ["share", "hubctl"], ["state", "hubctl"]
    return any(parts[i : i + 2] in state for i in range(len(parts) - 1))


def is_settings(path: str) -> bool:
    """Whether a file is the client's settings."""
    name = last_name(path)
    return name in _SETTINGS and (name == ".claude.json" or ".claude/" in path or "claude" in path)


def _is_read_by_shells(path: str) -> bool:
    """Files whose variables are set for whatever runs later."""
    name = last_name(path)
    return name.startswith((".bash", ".zsh", ".profile", ".env", ".zprofile")) or name in (
        "environment", "config.fish", ".envrc", "profile", "launchd.conf", ".pam_environment"
    )  # fmt: skip


def judge_settings_write(judge: "Judge", call: "Call", path: str) -> bool:
    """Note a write into the client's settings, or of a kill switch into any file."""
    text = " ".join(call.args) + (call.stdin or "" if len(call.stdin or "") < 20000 else "")
    if _SWITCHES[0] in text and _is_read_by_shells(path):
        judge.hit("hooks-switched-off", call, path, path)
        return True
    if is_settings(path):
        disabling = any(word in text for word in _SWITCHING)
        judge.hit("hooks-disabled" if disabling else "settings-written", call, path, path)
        return True
    return False


_CLIENT_SWITCHES = (
    "--dangerously-skip-permissions",
    "--allow-dangerously-skip-permissions",
    "--settings",
    "--setting-sources",
    "--bare",
)


def _client(judge: "Judge", call: "Call") -> None:
    """The client itself started without what guards it, or told to change its settings."""
    if call.args[:1] == ["config"] and set(_SWITCHING) & set(call.args):
        judge.hit("hooks-disabled", call)
    for index, argument in enumerate(call.args):
        name, equals, value = argument.partition("=")
        if name in _CLIENT_SWITCHES:
            judge.hit("hooks-switched-off", call, name)
            return
        mode = value if equals else "".join(call.args[index + 1 : index + 2])
        if name == "--permission-mode" and mode == "bypassPermissions":
            judge.hit("hooks-switched-off", call, mode)
            return


def judge(judge: "Judge", call: "Call", shell: "Shell") -> None:
    """`export HUBCTL_HOOKS=off` and its kin, and our own command told to disable."""
    if call.name == "hubctl":
        if call.args[:2] in (["hooks", "disable"], ["hooks", "uninstall"]):
            judge.hit("hooks-disabled", call)
        return
    if call.name in ("claude", "claude-code"):
        _client(judge, call)
        return
    if call.name in ("set", "setenv") and set(_SWITCHES) & set(call.args[:3]):
        judge.hit("hooks-switched-off", call)
        return
    for argument in call.args:
        name, equals, value = argument.partition("=")
        if name in _SWITCHES and (value if equals else shell.state.variables.get(name)):
            judge.hit("hooks-switched-off", call, shown(argument))
