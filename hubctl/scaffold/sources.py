"""Where templates come from: those that travel with hubctl, and anybody's own.

Copier updates a project from the version it was made of, so a template has to be a git repository
with versions. The shipped ones become such repositories in the data folder: one commit and tag for
every hubctl that had other files than the one before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.errors import UsageError
from hubctl.shipped import shipped
from hubctl.system.git_projects import commit_files, read_folder
from hubctl.system.lock import writer_lock

if TYPE_CHECKING:
    from hubctl.system.places import Places

LANGUAGES = ("python", "typescript", "rust", "go", "generic")
_SHARED = "shared"
_FOLDER = "templates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A template as copier takes it.

    Attributes:
        url: path or git URL; in the home folder with `~`, so that it fits other machines.
        version: tag to use, "" for the newest.
        is_ours: it travels with hubctl and is trusted.
    """

    url: str
    version: str = ""
    is_ours: bool = False


def shipped_source(language: str, places: Places, version: str) -> Source:
    """The shipped template of a language, as a repository whose newest tag it is.

    Raises:
        UsageError: there is none for that language.
        OperationError: the data folder cannot be written.
    """
    if language not in LANGUAGES:
        import difflib

        near = difflib.get_close_matches(language, LANGUAGES, n=1)
        hint = f"did you mean {near[0]}?" if near else f"one of: {', '.join(LANGUAGES)}"
        raise UsageError(f"there is no template for the language {language!r}", hint=hint)
    base = f"{places.data}/{_FOLDER}"
    files = {**read_folder(shipped(f"templates/projects/{_SHARED}"))}
    files |= read_folder(shipped(f"templates/projects/{language}"))
    with writer_lock(f"{base}/.lock"):
        tag = commit_files(f"{base}/{language}", files, version)
    return Source(url=_short(f"{base}/{language}", places.home), version=tag, is_ours=True)


def _short(path: str, home: str) -> str:
    return f"~{path[len(home) :]}" if path.startswith(f"{home}/") else path
