"""Bringing a newer template into a project, by copier's three-way update.

The update is worked out in a copy of what is committed. Only an outcome without conflicts reaches
the checkout, wholly or not at all; a conflict is told with its lines and changes nothing.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hubctl.errors import HubctlError, OperationError
from hubctl.scaffold.project import ANSWERS, readable
from hubctl.system.files import RealFiles
from hubctl.system.git_projects import apply_patch, changed_files, copy_of, difference
from hubctl.system.project_folders import working_copy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_BEGIN = b"<<<<<<< before updating"
_END = b">>>>>>> after updating"


class State(enum.Enum):
    """How an update ended."""

    CURRENT = "current"
    UPDATED = "updated"
    PENDING = "pending"
    CONFLICT = "conflict"
    REFUSED = "refused"
    NONE = "no template"


@dataclass(frozen=True, slots=True, kw_only=True)
class Updated:
    """What became of one project.

    Attributes:
        name: of the target. state: see State.
        before, after: versions of the template. files: paths that change.
        conflicts: path → lines of each conflict. message: why it was refused.
    """

    name: str
    state: State
    before: str = ""
    after: str = ""
    files: tuple[str, ...] = ()
    conflicts: tuple[tuple[str, str], ...] = ()
    message: str = ""


def update(
    name: str, root: str, *, trust: bool, before_writing: Callable[[], None] | None
) -> Updated:
    """Bring the newest version of its template into the checkout at `root`.

    Args:
        name: of the target.
        root: top folder of the checkout.
        trust: the template may run programs of its own.
        before_writing: called right before files change; without it only told what would.
    """
    if RealFiles().look(f"{root}/{ANSWERS}") is None:
        return Updated(name=name, state=State.NONE)
    with working_copy() as folder:
        try:
            return _update(name, root, folder, trust=trust, before_writing=before_writing)
        except HubctlError as error:
            return Updated(name=name, state=State.REFUSED, message=error.message)


def _update(
    name: str, root: str, folder: str, *, trust: bool, before_writing: Callable[[], None] | None
) -> Updated:
    copy = copy_of(root, folder)
    before, after = _run_update(copy, trust=trust)
    patch = difference(copy)
    found = Updated(name=name, state=State.PENDING, before=before, after=after)
    if not patch:
        return replace(found, state=State.CURRENT)
    files = changed_files(copy)
    conflicts = tuple(_conflicts(copy, files))
    if conflicts:
        return replace(found, state=State.CONFLICT, files=files, conflicts=conflicts)
    if before_writing is None:
        return replace(found, files=files)
    before_writing()
    why_not = apply_patch(root, patch)
    if why_not:
        message = f"what is not committed yet is in the way: {why_not}"
        return replace(found, state=State.REFUSED, files=files, message=message)
    return replace(found, state=State.UPDATED, files=files)


def _run_update(copy: str, *, trust: bool) -> tuple[str, str]:
    from copier import run_update

    before = version_of(copy)
    with readable(source_of(copy)):
        run_update(
            copy,
            defaults=True,
            overwrite=True,
            quiet=True,
            conflict="inline",
            skip_answered=True,
            unsafe=trust,
        )
    return before, version_of(copy)


def source_of(root: str) -> str:
    """Where a project's template lies, "" where that is not on record."""
    return str(answers_of(root).get("_src_path") or "")


def version_of(root: str) -> str:
    """The version of its template that a project has."""
    return str(answers_of(root).get("_commit") or "")


def answers_of(root: str) -> dict[str, Any]:
    """What a project was made of and answered; nothing where that is not on record.

    Raises:
        OperationError: the record cannot be read.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    if RealFiles().look(f"{root}/{ANSWERS}") is None:
        return {}
    try:
        found = YAML(typ="safe", pure=True).load(RealFiles().read(f"{root}/{ANSWERS}"))
    except (OSError, YAMLError, UnicodeDecodeError) as error:
        raise OperationError(f"{root}/{ANSWERS} cannot be read") from error
    return found if isinstance(found, dict) else {}


def _conflicts(copy: str, files: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for path in files:
        try:
            data = RealFiles().read(f"{copy}/{path}", follow=False)
        except OSError:
            continue  # gone, or a link
        start = data.find(_BEGIN)
        while start >= 0:
            end = data.find(_END, start)
            stop = len(data) if end < 0 else data.find(b"\n", end) + 1 or len(data)
            yield path, data[start:stop].decode("utf-8", "replace")
            start = data.find(_BEGIN, stop)
        if path.endswith(".rej"):
            yield path, data.decode("utf-8", "replace")
