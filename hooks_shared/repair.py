"""The commands that repair the hooks: a closed policy lets exactly these through.

Only plain characters count, so nothing can ride along behind `;` or in `$(…)`. The launcher's
shell line (hubctl/render/hook_commands.py) has the same rule; a test feeds both the same commands.
"""

from hooks_shared.contract import Event

HINT = "Run: hubctl apply"
COMMANDS = (
    "hubctl apply",
    "hubctl drift --fix",
    "hubctl hooks install",
    "hubctl hooks verify",
    "hubctl hooks rollback",
    "hubctl hooks status",
)
PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._/=-"


def is_repair(event: Event) -> bool:
    """Whether the event is about running, or asking for, a command that repairs the hooks."""
    if not event.tool_name:
        return any(command in event.text("prompt") for command in COMMANDS)
    command = event.tool_input.get("command")
    if event.tool_name != "Bash" or not isinstance(command, str):
        return False
    starts = any(command == known or command.startswith(known + " ") for known in COMMANDS)
    return starts and all(character in PLAIN for character in command)
