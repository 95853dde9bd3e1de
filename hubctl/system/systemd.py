"""systemd of this user: checks unit files, reads and changes the states of units.

Talks to `systemctl --user` and `systemd-analyze` only. Whether a user manager runs is seen from
its socket, without a process, so that a look at drift stays fast where there is none.
"""

from __future__ import annotations

import os
import re
import tempfile
from typing import TYPE_CHECKING

from hubctl.errors import OperationError, UsageError
from hubctl.model.finding import Finding, Location, Severity
from hubctl.system.process import Completed, ProgramMissingError, run
from hubctl.system.services import UnitStates, wanted_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hubctl.system.process import Runner

ASK_SECONDS = 10.0
CHANGE_SECONDS = 60.0
_UNIT_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_@.-]*\.(?:service|socket|timer)\Z")
_PLACED = re.compile(r"(?P<path>/[^:]+):(?P<line>[0-9]+): (?P<message>.*)")
_NAMED = re.compile(
    r"(?:Unit )?(?P<unit>[A-Za-z0-9_@.\\-]+"
    r"\.(?:service|timer|socket|target|path|mount|slice|scope)):? (?P<message>.*)"
)
_NEXT = re.compile(r"(?:Next elapse|Iter\. #[0-9]+|Iteration #[0-9]+): (.*)")
_NOT_LOADED = 5  # what `systemctl stop` answers about a unit that is not there


def missing() -> str:
    """Why no unit can be asked or changed here, "" where a user manager runs."""
    folder = _runtime_dir()
    if os.path.exists(f"{folder}/systemd/private"):
        return ""
    return f"no user manager is running here ({folder}/systemd/private does not exist)"


def unit_states(names: Sequence[str], *, runner: Runner = run) -> dict[str, UnitStates]:
    """States of all `names`, in two processes however many there are.

    Raises:
        OperationError: no user manager runs, or it gives no answer.
    """
    if not names:
        return {}
    # `show` would tell both, but its UnitFileState is as old as the manager's last reload.
    enabled = _enabled_states(names, runner)
    active = _active_states(names, runner)
    return {
        name: UnitStates(enabled=enabled.get(name, ""), active=active.get(name, ""))
        for name in names
    }


def set_state(name: str, prop: str, state: str, *, runner: Runner = run) -> None:
    """Bring `enabled` or `active` of a unit to `state`.

    Turning off what does not exist is no error.

    Raises:
        OperationError: systemctl refuses.
    """
    on = wanted_on(prop, state)
    verb = ("enable" if on else "disable") if prop == "enabled" else ("start" if on else "stop")
    done = _systemctl([verb, "--", _checked(name)], CHANGE_SECONDS, runner)
    if done.returncode and (on or not _is_gone(done)):
        raise OperationError(
            f"systemctl could not {verb} {name}: {done.complaint}",
            hint=f"systemctl --user status {name}",
        )


def daemon_reload(names: Sequence[str] = (), *, runner: Runner = run) -> None:
    """Let the user manager read its unit files again, and restart what runs among `names`.

    Only sockets and services whose file changed are restarted: they would go on as the old file
    says. With a socket comes its service. A oneshot that is at work is left alone, a timer needs
    no restart.

    Raises:
        OperationError: it does not.
    """
    running = [name for name in names if name.endswith((".service", ".socket"))]
    started = [name.removesuffix(".socket") for name in running if name.endswith(".socket")]
    running += [f"{stem}.service" for stem in started]
    stale = _stale(running, runner) if running else []
    _do(["daemon-reload"], "reload the unit files", runner)
    if stale:
        _do(["try-restart", "--", *stale], f"restart {' '.join(stale)}", runner)


def verify(files: Mapping[str, str], *, runner: Runner = run) -> tuple[Finding, ...]:
    """What systemd itself says about unit files, file name → text.

    Anything it prints about them is a finding: it exits 0 for a key it does not know or a limit it
    ignores. Of this system's own units, which it reads along the way, nothing is told.
    """
    if not files:
        return ()
    with tempfile.TemporaryDirectory(prefix="hubctl-verify-") as folder:
        units = f"{folder}/systemd/user"
        os.makedirs(units)
        os.mkdir(f"{folder}/run", mode=0o700)
        paths = [f"{units}/{_checked(name)}" for name in files]
        for path, text in zip(paths, files.values(), strict=True):
            with open(path, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
        env = _environment() | {
            "XDG_RUNTIME_DIR": f"{folder}/run",
            "XDG_CONFIG_HOME": folder,  # the account's other units are not on trial
            "XDG_DATA_HOME": f"{folder}/data",
        }
        args = ["systemd-analyze", "verify", "--user", "--man=no", "--", *paths]
        try:
            done = runner(args, timeout=CHANGE_SECONDS, env=env)
        except ProgramMissingError as error:
            return (_not_verified(error),)
    return _verdict(done, files)


def calendar(expression: str, iterations: int = 1, *, runner: Runner = run) -> tuple[str, ...]:
    """The next runs of a calendar expression as systemd prints them.

    Raises:
        UsageError: systemd does not take the expression.
        OperationError: there is no systemd.
    """
    args = ["systemd-analyze", "calendar", f"--iterations={iterations}", "--", expression]
    done = runner(args, timeout=ASK_SECONDS, env=_environment())
    if done.returncode:
        raise UsageError(f"not a calendar expression: {expression!r}: {done.complaint}")
    return tuple(_NEXT.findall(done.stdout))


def _enabled_states(names: Sequence[str], runner: Runner) -> dict[str, str]:
    listed = _ask(["list-unit-files", "--no-legend", "--plain", "--", *names], runner, quiet=True)
    columns = [line.split() for line in listed.splitlines()]
    return {line[0]: line[1] for line in columns if len(line) > 1}


def _active_states(names: Sequence[str], runner: Runner) -> dict[str, str]:
    states = {}
    for name, fields in _show(names, "LoadState,ActiveState", runner):
        gone = fields.get("LoadState") == "not-found" and fields.get("ActiveState") == "inactive"
        states[name] = "" if gone else fields.get("ActiveState", "")
    return states


def _stale(names: Sequence[str], runner: Runner) -> list[str]:
    """Those that run and whose file is newer than what the manager read."""
    stale = []
    for name, fields in _show(names, "NeedDaemonReload,ActiveState", runner):
        if fields.get("NeedDaemonReload") == "yes" and fields.get("ActiveState") == "active":
            stale.append(name)
    return stale


def _show(
    names: Sequence[str], properties: str, runner: Runner
) -> Iterator[tuple[str, dict[str, str]]]:
    shown = _ask(["show", f"--property={properties}", "--", *names], runner)
    for name, text in zip(names, shown.split("\n\n"), strict=True):
        yield name, dict(line.split("=", 1) for line in text.splitlines() if "=" in line)


def _do(args: Sequence[str], what: str, runner: Runner) -> None:
    done = _systemctl(args, CHANGE_SECONDS, runner)
    if done.returncode:
        raise OperationError(f"systemctl could not {what}: {done.complaint}")


def _ask(args: Sequence[str], runner: Runner, *, quiet: bool = False) -> str:
    names = args[args.index("--") + 1 :]
    for name in names:
        _checked(name)
    done = _systemctl(args, ASK_SECONDS, runner)
    # Newer versions of list-unit-files exit 1, without a word, where nothing matches.
    if done.returncode and (done.stderr or not quiet):
        raise OperationError(f"systemctl gives no answer: {done.complaint}")
    return done.stdout


def _systemctl(args: Sequence[str], seconds: float, runner: Runner) -> Completed:
    reason = missing()
    if reason:
        raise OperationError(reason, hint="log in, or run `loginctl enable-linger`")
    return runner(["systemctl", "--user", *args], timeout=seconds, env=_environment())


def _is_gone(done: Completed) -> bool:
    return done.returncode == _NOT_LOADED or "does not exist" in done.stderr


def _checked(name: str) -> str:
    if not _UNIT_NAME.match(name):
        raise UsageError(f"not the name of a unit: {name!r}")
    return name


def _runtime_dir() -> str:
    return os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}"


def _environment() -> dict[str, str]:
    fixed = {"XDG_RUNTIME_DIR": _runtime_dir(), "LC_ALL": "C.UTF-8", "SYSTEMD_COLORS": "0"}
    return {**os.environ, **fixed}


def _verdict(done: Completed, files: Mapping[str, str]) -> tuple[Finding, ...]:
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    if done.returncode and not lines:
        lines = [done.complaint]
    return tuple(_complaint(line, files) for line in lines if not _is_of_others(line, files))


def _is_of_others(line: str, files: Mapping[str, str]) -> bool:
    """Whether a complaint is about units that are not ours, which we cannot mend."""
    placed, named = _PLACED.match(line), _NAMED.match(line)
    about = os.path.basename(placed["path"]) if placed else named["unit"] if named else ""
    return bool(about) and about not in files


def _complaint(line: str, files: Mapping[str, str]) -> Finding:
    placed, named = _PLACED.match(line), _NAMED.match(line)
    location, message = None, line
    if placed and os.path.basename(placed["path"]) in files:
        name = os.path.basename(placed["path"])
        location, message = Location(file=name, line=int(placed["line"])), placed["message"]
    elif named and named["unit"] in files:
        location, message = Location(file=named["unit"]), named["message"]
    return Finding(
        rule="units/refused-by-systemd",
        severity=Severity.ERROR,
        message=f"systemd says: {message}".rstrip("."),
        location=location,
        hint="mend what canonical.yaml says of this unit",
        exit_code=3,
    )


def _not_verified(error: ProgramMissingError) -> Finding:
    return Finding(
        rule="units/not-verified",
        severity=Severity.NOTE,
        message=f"unit files are not checked by systemd: {error.message}",
        hint="install systemd-analyze to have them checked",
    )
