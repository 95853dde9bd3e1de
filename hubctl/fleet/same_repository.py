"""Where targets lie, and whether two of them are one: their ledgers and links would fight."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hubctl.model.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

SAME_REPOSITORY = "canonical/same-repository"
SAME_FILE = "contain/same-file"


class Home(NamedTuple):
    """Where a target lies; all "" for what is not on this machine.

    Attributes:
        root: its folder. repository: its git directory, or its folder without git; "" for the host.
        client: the real path of its folder of the client.
        above: of the host, every folder above one of its files.
        linked: logical path and real path of each file that lies elsewhere, behind links.
    """

    root: str = ""
    repository: str = ""
    client: str = ""
    above: tuple[str, ...] = ()
    linked: tuple[tuple[str, str], ...] = ()


def same_git_directory(homes: Mapping[str, Home], asked: Collection[str]) -> tuple[Finding, ...]:
    """An error for every target whose repository another one already is.

    Told where one of the two is `asked` about, whichever comes first in canonical.yaml.
    """
    owners: dict[str, str] = {}
    found: list[Finding] = []
    for name, home in homes.items():
        first = owners.setdefault(home.repository, name) if home.repository else name
        if first != name and (first in asked or name in asked):
            hint = f"remove one of them: `hubctl repos remove {name}`"
            found.append(same(first, name, f"are one repository: {home.repository}", hint))
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
