"""Where a finding stands in files, for formats that annotate files: one answer for all of them."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.errors import UsageError
from hubctl.model.address import HOST, parse_address

if TYPE_CHECKING:
    from hubctl.model.finding import Finding, Location
    from hubctl.model.report import Report

_NO_CHECKOUT = ("unit:", "@", ".git/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A file below a target's root (`target` is its name), or any other path (`target` "").

    `line` and `column` count from 1, 0 is unknown.
    """

    target: str
    path: str
    line: int = 0
    column: int = 0


def roots(report: Report) -> dict[str, str]:
    """Target name → absolute folder."""
    return {target.target: target.root for target in report.plan.targets}


def place_of(finding: Finding, folders: dict[str, str]) -> Place | None:
    """The file a finding is about: where it was seen, its address's file, or what decides."""
    if finding.location is not None:
        return _located(finding.location, folders)
    return _addressed(finding.address, folders) or _deciding(finding, folders)


def deciding_place(finding: Finding, folders: dict[str, str]) -> Place | None:
    """The line of canonical.yaml that decides, where it is not already the finding's own place."""
    found = _deciding(finding, folders)
    return None if found == place_of(finding, folders) else found


def _deciding(finding: Finding, folders: dict[str, str]) -> Place | None:
    return None if finding.decided_by is None else _located(finding.decided_by, folders)


def _addressed(address: str, folders: dict[str, str]) -> Place | None:
    """Only what a checkout can hold: no units, nothing of git's or hubctl's own, nothing of a host.

    Where the files of an account lie, and git's where `.git` is a file, no address says.
    """
    try:
        parsed = parse_address(address)
    except UsageError:
        return None
    if parsed.target not in folders or parsed.target == HOST:
        return None
    if parsed.path == "." or parsed.path.startswith(_NO_CHECKOUT):
        return None
    return Place(target=parsed.target, path=parsed.path)


def _located(location: Location, folders: dict[str, str]) -> Place:
    at = {"line": location.line, "column": location.column if location.line else 0}
    inside = [
        name for name, root in folders.items() if name != HOST and _is_below(location.file, root)
    ]
    if not inside:
        return Place(target="", path=location.file, **at)
    name = max(inside, key=lambda name: (len(folders[name]), name))
    return Place(target=name, path=posixpath.relpath(location.file, folders[name]), **at)


def _is_below(path: str, root: str) -> bool:
    return path.startswith(root.rstrip("/") + "/")
