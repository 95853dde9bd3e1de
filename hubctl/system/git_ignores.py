"""What git ignores, without asking it where no rule stands anywhere: nearly everybody's new files.

Rules stand in `.gitignore` files on the way to a path, in `info/exclude`, and in the one file that
a configuration names. Whatever may lead to more of them, or cannot be read, means that git is
asked. Which rule means which path is git's business alone.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from hubctl.system import git
from hubctl.system.files import RealFiles
from hubctl.system.real_paths import RealPaths

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_MORE_RULES = (b"excludesfile", b"include", b"sparse", b"worktree")
"""Words in a repository's configuration by which rules may come from somewhere else."""


def ignored(root: str, paths: Sequence[str]) -> frozenset[str]:
    """Those of `paths` (relative to `root`) that git ignores; none where it cannot say."""
    if not paths or not _may_ignore(root, paths):
        return frozenset()
    return git.ignored(root, paths)


def _may_ignore(root: str, paths: Sequence[str]) -> bool:
    facts = git.inspect(root, RealFiles(), RealPaths())
    if facts is None or facts.linked_worktree:
        return True
    rules = (*_ignore_files(root, paths), f"{facts.common_dir}/info/exclude")
    configs = (f"{facts.common_dir}/{name}" for name in ("config", "config.worktree"))
    return any(map(_has_rules, rules)) or any(map(_names_more, configs)) or _machine_ignores()


def _ignore_files(root: str, paths: Sequence[str]) -> Iterator[str]:
    """Every `.gitignore` that has a say in one of the paths."""
    folders = {""}
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return (os.path.join(root, folder, ".gitignore") for folder in sorted(folders))


def _has_rules(path: str) -> bool:
    data = _read(path)
    return data is None or any(
        line.strip() and not line.startswith(b"#") for line in data.splitlines()
    )


def _names_more(path: str) -> bool:
    data = _read(path)
    return data is None or any(word in data.lower() for word in _MORE_RULES)


def _read(path: str) -> bytes | None:
    """The bytes of a file, none where it is missing; None where they cannot be known."""
    try:
        return RealFiles().read(path)
    except (FileNotFoundError, NotADirectoryError):
        return b""
    except OSError:
        return None


def _machine_ignores() -> bool:
    """Whether this account or this machine may have rules of its own."""
    env = git.clean_environment()
    folder = _config_folder(env)
    own = (f"{env.get('HOME', '')}/.gitconfig", f"{folder}/config")
    state = tuple(_stamp(path) for path in own)
    return _has_rules(f"{folder}/ignore") or _machine_names_more(*own, *state, env.get("PATH"))


def _config_folder(env: Mapping[str, str]) -> str:
    return f"{env.get('XDG_CONFIG_HOME') or env.get('HOME', '') + '/.config'}/git"


def _stamp(path: str) -> tuple[int, int]:
    try:
        found = os.stat(path)
    except OSError:
        return (0, 0)
    return (found.st_size, found.st_mtime_ns)


@cache
def _machine_names_more(*_rests_on: object) -> bool:
    """Whether some configuration outside of repositories names a file of rules.

    Asked once for all of a fleet; only git knows where the configuration of the machine lies.
    """
    names = git.configured()
    return names is None or any(
        name == "core.excludesfile" or name.startswith("includeif.") for name in names
    )
