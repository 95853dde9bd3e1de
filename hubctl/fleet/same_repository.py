"""Where targets lie, and whether two of them are one: their ledgers and links would fight."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hubctl.model.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

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


def nested_repositories(homes: Mapping[str, Home]) -> Iterator[Finding]:
    """A note for every repository inside another one: fine, but a session reads more there."""
    inside: list[tuple[str, str]] = []  # the repositories around the present one, outermost first
    repositories = [(home.root, name) for name, home in homes.items() if home.repository]
    for root, name in sorted(repositories, key=lambda one: one[0].split("/")):
        while inside and not root.startswith(f"{inside[-1][0]}/"):
            inside.pop()
        if inside:
            yield _nested(name, inside[-1][1])
        inside.append((root, name))


def _nested(name: str, around: str) -> Finding:
    return Finding(
        rule="fleet/nested",
        severity=Severity.NOTE,
        message=f"{name} lies inside {around}: a session there reads the CLAUDE.md of both",
        address=f"{name}:.",
        path=f"repositories.{name}.path",
        hint=f"say once, in {around}, what both should know",
    )
