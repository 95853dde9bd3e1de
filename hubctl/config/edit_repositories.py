"""Edits of the section `repositories`: the checks that belong to names, then `edit.py`.

Whether an entry makes sense (its path, its profiles) is not checked here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.config.edit import FILE, keys_at, remove_value, set_value
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
    if name in keys_at(data, (SECTION,), file=file):
        raise UsageError(
            f"the repository `{name}` is already there",
            hint=f"to change it: hubctl repos set {name} KEY VALUE",
        )
    return set_value(data, (SECTION, name), dict(entry), file=file)


def remove_repository(data: bytes, name: str, *, file: str = FILE) -> bytes:
    """canonical.yaml without a repository.

    Raises:
        UsageError: there is none of this name, or the file cannot be edited.
    """
    _check_exists(data, name, file)
    return remove_value(data, (SECTION, name), file=file)


def set_repository(
    data: bytes, name: str, key_path: tuple[str, ...], value: object, *, file: str = FILE
) -> bytes:
    """canonical.yaml with `value` at `key_path` inside a repository.

    Raises:
        UsageError: there is none of this name, or the file cannot be edited.
    """
    if not key_path:
        raise UsageError("which key of the repository?", hint="hubctl repos set NAME KEY VALUE")
    _check_exists(data, name, file)
    return set_value(data, (SECTION, name, *key_path), value, file=file)


def _check_exists(data: bytes, name: str, file: str) -> None:
    known = keys_at(data, (SECTION,), file=file)
    if name in known:
        return
    near = nearest(name, known)
    hint = f"did you mean `{near}`?" if near else "hubctl repos list shows them all"
    raise UsageError(f"there is no repository `{name}`", hint=hint)
