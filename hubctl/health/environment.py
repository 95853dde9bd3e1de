"""Checks of this machine: the programs hubctl works with, and the client."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from hubctl import __version__
from hubctl.check.settings_lint import CLIENT, client_of, parse_version
from hubctl.errors import OperationError
from hubctl.health.result import Answer
from hubctl.model.finding import Finding, Severity
from hubctl.system.process import ProgramMissingError, run

if TYPE_CHECKING:
    from hubctl.health.subject import Subject

_SECONDS = 20.0


def programs(_subject: Subject) -> Answer:
    """hubctl, Python and git, in versions that work together."""
    python = ".".join(map(str, sys.version_info[:3]))
    try:
        git = run(["git", "--version"], timeout=_SECONDS).stdout.split()[2:3]
    except OperationError as error:
        finding = _finding("no-git", Severity.ERROR, error.message, "install git")
        return Answer(summary="git does not run", findings=(finding,))
    facts = {"hubctl": __version__, "python": python, "git": "".join(git)}
    told = ", ".join(f"{name} {version}" for name, version in facts.items())
    return Answer(summary=told, facts=facts)


def client(subject: Subject) -> Answer:
    """The installed client against the version that settings are rendered for."""
    wanted = client_of(subject.hub().compiler.head.document) if subject.world else CLIENT
    try:
        done = run(["claude", "--version"], timeout=_SECONDS)
    except ProgramMissingError:
        return Answer(summary="Claude Code is not on PATH", skipped=True)
    except OperationError as error:
        finding = _finding("client-silent", Severity.WARNING, error.message, "run: claude doctor")
        return Answer(summary="Claude Code gives no version", findings=(finding,))
    version = done.stdout.split(" ")[0].strip()
    facts = {"client": version, "rendered_for": wanted}
    if not _is_version(version):
        return Answer(summary=f"Claude Code says {done.complaint[:60]!r}", facts=facts)
    return Answer(
        summary=f"Claude Code {version}, rendered for {wanted}",
        findings=_older(version, wanted),
        facts=facts,
    )


def _is_version(text: str) -> bool:
    return bool(text) and all(part.isdigit() for part in text.split(".")) and text.count(".") < 3


def _older(version: str, wanted: str) -> tuple[Finding, ...]:
    if parse_version(version) >= parse_version(wanted):
        return ()
    message = f"Claude Code {version} is older than {wanted}, which settings are rendered for"
    hint = f"update it, or write `hub: {{client: {version}}}` in canonical.yaml"
    return (_finding("client-older", Severity.WARNING, message, hint),)


def _finding(rule: str, severity: Severity, message: str, hint: str) -> Finding:
    return Finding(rule=f"health/{rule}", severity=severity, message=message, hint=hint)
