"""Edits of the section `repositories`: the checks that belong to names, then `edit.py`.

Whether an entry makes sense (its path, its profiles) is not checked here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.config.edit import FILE, remove_in, set_in
from hubctl.config.edit_source import Source, open_source
from hubctl.config.problems import nearest
from hubctl.errors import UsageError
from hubctl.model.address import HOST, TARGET_NAME

if TYPE_CHECKING:
    from collections.abc import Mapping

SECTION = "repositories"


def add_repository(
    data: bytes, name: str, entry: Mapping[str, object], *, file: str = FILE
) -> bytes:
    """canonical.yaml with a new repository behind the others.

    Raises:
        UsageError: the name is none, is taken, or the file cannot be edited (see `edit.set_value`).
    """
    if name == HOST or not TARGET_NAME.match(name):
        raise UsageError(
            f"not a name for a repository: {name!r}",
            hint="use lower case letters, digits, `-` and `_`; `host` is this account",
        )
    source = open_source(data, file)
    if name in source.keys((SECTION,)):
        raise UsageError(
            f"the repository `{name}` is already there",
            hint=f"to change it: hubctl repos set {name} KEY VALUE",
        )
    return set_in(source, (SECTION, name), dict(entry))


def remove_repository(data: bytes, name: str, *, file: str = FILE) -> bytes:
    """canonical.yaml without a repository.

    Raises:
        UsageError: there is none of this name, or the file cannot be edited.
    """
    source = _open_with(data, name, file)
    return remove_in(source, (SECTION, name))


def set_repository(
    data: bytes, name: str, key_path: tuple[str, ...], value: object, *, file: str = FILE
) -> bytes:
    """canonical.yaml with `value` at `key_path` inside a repository.

    Raises:
        UsageError: there is none of this name, or the file cannot be edited.
    """
    if not key_path:
        raise UsageError("which key of the repository?", hint="hubctl repos set NAME KEY VALUE")
    source = _open_with(data, name, file)
    return set_in(source, (SECTION, name, *key_path), value)


def _open_with(data: bytes, name: str, file: str) -> Source:
    """The opened file, which has a repository of this name."""
    source = open_source(data, file)
    known = source.keys((SECTION,))
    if name in known:
        return source
    near = nearest(name, known)
    hint = f"did you mean `{near}`?" if near else "hubctl repos list shows them all"
    raise UsageError(f"there is no repository `{name}`", hint=hint)
