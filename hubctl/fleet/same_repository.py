"""Whether two targets are one repository: their ledgers and links would fight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.model.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from hubctl.model.target import Target

SAME_REPOSITORY = "canonical/same-repository"


def same_git_directory(
    targets: Mapping[str, Target], asked: Collection[str]
) -> tuple[Finding, ...]:
    """An error for every target whose git directory another one already has.

    Told where one of the two is `asked` about, whichever comes first in canonical.yaml.
    """
    owners: dict[str, str] = {}
    found: list[Finding] = []
    for name, target in targets.items():
        key = target.common_dir or target.root
        first = owners.setdefault(key, name)
        if first != name and (first in asked or name in asked):
            hint = f"remove one of them: `hubctl repos remove {name}`"
            found.append(same(first, name, f"are one repository: {key}", hint))
    return tuple(found)


def same(first: str, second: str, what: str, hint: str) -> Finding:
    """The error of two targets that cannot both be managed."""
    return Finding(
        rule=SAME_REPOSITORY,
        severity=Severity.ERROR,
        message=f"{first} and {second} {what}",
        address=f"{second}:.",
        path=f"repositories.{second}.path",
        hint=hint,
        exit_code=2,
    )
