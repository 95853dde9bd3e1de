"""Whether two targets are one repository: their ledgers and links would fight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.model.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubctl.model.target import Target

SAME_REPOSITORY = "canonical/same-repository"


def same_git_directory(targets: Mapping[str, Target]) -> tuple[Finding, ...]:
    """An error for every target whose git directory another one already has."""
    owners: dict[str, str] = {}
    found: list[Finding] = []
    for name, target in targets.items():
        key = target.common_dir or target.root
        first = owners.setdefault(key, name)
        if first != name:
            found.append(_same(first, name, key))
    return tuple(found)


def _same(first: str, second: str, key: str) -> Finding:
    return Finding(
        rule=SAME_REPOSITORY,
        severity=Severity.ERROR,
        message=f"{first} and {second} are one repository: {key}",
        address=f"{second}:.",
        path=f"repositories.{second}.path",
        hint=f"remove one of them: `hubctl repos remove {second}`",
        exit_code=2,
    )
