"""The `/bin/sh` lines that settings run: they start the dispatcher or, where it cannot run, answer.

Pure text. A line says nothing about its target: the client runs an identical handler of two files
once. It trusts only exit codes of a complete run, since a truncated script ends with 0 and a
missing one with 2, which would block every call.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from hubctl.system.hooks_package import contract, repair

if TYPE_CHECKING:
    from hubctl.model.target import Machine

_WHY = "the hooks of hubctl cannot run here (not installed, or damaged)"
_DATA = '"${XDG_DATA_HOME:-$HOME/.local/share}/hubctl/hooks/current/run.py"'
# Reading on would be quadratic in some shells; an event with a repair command is far shorter.
_HEAD_BYTES = 4096


def machine_command(machine: Machine, event: str, lane: str) -> str:
    """The line for local and host scope, with this machine's paths."""
    run = " ".join(
        ['"$p" -I -S "$r"', event, lane, shlex.quote(machine.registry_dir), "3>&2 2>/dev/null"]
    )
    codes = f"case $? in {contract.PASSED})exit 0;;{contract.BLOCKED})exit 2;;esac"
    return (
        f"p={shlex.quote(machine.interpreter)};r={shlex.quote(machine.release + '/run.py')};"
        f'[ -x "$p" ]&&[ -r "$r" ]&&{{ {run};{codes};}};'
        f'[ "$HUBCTL_HOOKS" = off ]&&exit 0;{_fallback(event, lane)}'
    )


def project_command(event: str, lane: str) -> str:
    """The line for committed settings: no machine path, silent where hubctl is not installed."""
    return (
        f'r={_DATA};l="${{r%run.py}}launch";'
        f'[ -r "$r" ]&&[ -x "$l" ]||exit 0;exec "$l" {event} {lane}'
    )


def _fallback(event: str, lane: str) -> str:
    if lane == "closed":
        refused = contract.deny(f"hubctl could not check this: {_WHY}. {repair.HINT}")
        return _let_repair_through(event) + _answer(event, refused)
    return _answer(event, contract.Verdict(message=f"hubctl: {_WHY}. {repair.HINT}"))


def _answer(event: str, verdict: contract.Verdict) -> str:
    stdout, stderr, code = contract.encode(event, verdict)
    said = f"printf '%s\\n' {shlex.quote(stdout.rstrip())};" if stdout else ""
    reason = stderr.rstrip() or ("" if stdout else verdict.message)
    told = f"echo {shlex.quote(reason)} >&2;" if reason else ""
    return f"{said}{told}exit {code}"


def _let_repair_through(event: str) -> str:
    """The rule of hooks_shared.repair in the shell's own patterns."""
    head = f"i=$(head -c {_HEAD_BYTES});"
    if event not in contract.TOOL_EVENTS:
        asked = "|".join(f"*'{command}'*" for command in repair.COMMANDS)
        return f"{head}case $i in {asked})exit 0;;esac;"
    known = "|".join(f"'{command}'|'{command} '*" for command in repair.COMMANDS)
    bash = """*'"tool_name":"Bash"'*|*'"tool_name": "Bash"'*"""
    command = """c=${i#*'"command":'};c=${c# };c=${c#'"'};c=${c%%'"'*};"""
    plain = f"case $c in *[!A-Za-z0-9\\ ._/=-]*);;{known})exit 0;;esac"
    return f"{head}{command}case $i in {bash}){plain};;esac;"
