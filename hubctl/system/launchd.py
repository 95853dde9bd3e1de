"""launchd of this user: checks agents, reads and changes the states of jobs.

The functions of `systemd` under the same names, on `launchctl`: enabled is launchd's own switch,
active means that the job is loaded. A unit's name is the job's label.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from hubctl.errors import OperationError, UsageError
from hubctl.model.finding import Finding, Location, Severity
from hubctl.system.process import Completed, ProgramMissingError, run
from hubctl.system.services import UnitStates, wanted_on

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hubctl.system.process import Runner

LAUNCHCTL = "/bin/launchctl"
ASK_SECONDS = 10.0
CHANGE_SECONDS = 60.0
_LABEL = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*\Z")
_SWITCH = re.compile(r'"(?P<label>[^"]+)" => (?P<switch>\w+)')
_OFF = ("disabled", "true")  # older versions of print-disabled answer the question literally
_NOT_LOADED = (3, 113)  # what bootout answers about a job that is not there


def missing() -> str:
    """Why no job can be asked or changed here, "" where launchd is."""
    if os.access(LAUNCHCTL, os.X_OK):
        return ""
    return f"no user manager is running here ({LAUNCHCTL} does not exist)"


def unit_states(names: Sequence[str], *, runner: Runner = run) -> dict[str, UnitStates]:
    """States of all `names`, in two processes however many there are.

    Raises:
        OperationError: launchd gives no answer.
    """
    if not names:
        return {}
    labels = [_checked(name) for name in names]
    disabled = _disabled(runner)
    loaded = _loaded(runner)
    return {label: _states(label, label in disabled, label in loaded) for label in labels}


def set_state(name: str, prop: str, state: str, *, runner: Runner = run) -> None:
    """Bring `enabled` or `active` of a job to `state`.

    Unloading what is not loaded is no error.

    Raises:
        OperationError: launchctl refuses.
    """
    on = wanted_on(prop, state)
    label = _checked(name)
    if prop == "enabled":
        _change("enable" if on else "disable", [_service(label)], runner)
    elif on:
        _change("bootstrap", [_domain(), _plist(label)], runner)
    else:
        _bootout(label, runner)


def daemon_reload(names: Sequence[str] = (), *, runner: Runner = run) -> None:
    """Load the changed agents among `names` again; those that are not loaded stay so.

    Raises:
        OperationError: one cannot be loaded.
    """
    loaded = _loaded(runner) if names else frozenset()
    for label in names:
        if label in loaded and os.path.exists(_plist(label)):
            _bootout(label, runner)
            _change("bootstrap", [_domain(), _plist(label)], runner)


def verify(files: Mapping[str, str], *, runner: Runner = run) -> tuple[Finding, ...]:
    """What `plutil` says about agents, file name → text."""
    findings: list[Finding] = []
    for name, text in files.items():
        try:
            done = runner(["plutil", "-lint", "-s", "-"], timeout=ASK_SECONDS, input=text)
        except ProgramMissingError as error:
            return (_not_verified(error),)
        if done.returncode or done.stderr.strip():
            findings.append(_complaint(name, done))
    return tuple(findings)


def _states(label: str, is_disabled: bool, is_loaded: bool) -> UnitStates:
    if not is_loaded and not os.path.exists(_plist(label)):
        return UnitStates(enabled="", active="")
    return UnitStates(
        enabled="disabled" if is_disabled else "enabled",
        active="active" if is_loaded else "inactive",
    )


def _disabled(runner: Runner) -> frozenset[str]:
    shown = _answer([LAUNCHCTL, "print-disabled", _domain()], runner)
    return frozenset(m["label"] for m in _SWITCH.finditer(shown) if m["switch"] in _OFF)


def _loaded(runner: Runner) -> frozenset[str]:
    listed = _answer([LAUNCHCTL, "list"], runner)
    columns = [line.split("\t") for line in listed.splitlines()]
    return frozenset(line[2] for line in columns if len(line) == 3)


def _answer(args: Sequence[str], runner: Runner) -> str:
    done = runner(args, timeout=ASK_SECONDS)
    if done.returncode:
        raise OperationError(f"launchctl gives no answer: {done.complaint}")
    return done.stdout


def _bootout(label: str, runner: Runner) -> None:
    done = runner([LAUNCHCTL, "bootout", _service(label)], timeout=CHANGE_SECONDS)
    if done.returncode and done.returncode not in _NOT_LOADED:
        raise OperationError(f"launchctl could not bootout {label}: {done.complaint}")


def _change(verb: str, args: Sequence[str], runner: Runner) -> None:
    done = runner([LAUNCHCTL, verb, *args], timeout=CHANGE_SECONDS)
    if done.returncode:
        raise OperationError(f"launchctl could not {verb} {args[-1]}: {done.complaint}")


def _domain() -> str:
    return f"gui/{os.getuid()}"


def _service(label: str) -> str:
    return f"{_domain()}/{label}"


def _plist(label: str) -> str:
    return os.path.expanduser(f"~/Library/LaunchAgents/{label}.plist")


def _checked(label: str) -> str:
    if not _LABEL.match(label):
        raise UsageError(f"not the label of a job: {label!r}")
    return label


def _complaint(name: str, done: Completed) -> Finding:
    return Finding(
        rule="units/refused-by-launchd",
        severity=Severity.ERROR,
        message=f"plutil says: {done.complaint}",
        location=Location(file=name),
        hint="mend what canonical.yaml says of this unit",
        exit_code=3,
    )


def _not_verified(error: ProgramMissingError) -> Finding:
    return Finding(
        rule="units/not-verified",
        severity=Severity.NOTE,
        message=f"agents are not checked by plutil: {error.message}",
        hint="plutil comes with macOS; see that it is on PATH",
    )
