"""The checkpoints of a repository: making, listing, finding and dropping them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from hubctl.checkpoint.contents import keep, present, words
from hubctl.errors import OperationError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubctl.checkpoint.contents import Contents
    from hubctl.system.files import Files
    from hubctl.system.git_objects import GitObjects, Reference

PREFIX = "refs/hubctl/checkpoints/"
_LONGEST_SLUG = 40
_TRIES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """One checkpoint.

    Attributes:
        name: `20260131T120000.000Z-words`, sorted by time; made: ISO time in UTC.
        text: what was given as its reason; on: the commit HEAD stood for, "" before the first.
        reference: where git has it.
    """

    name: str
    made: str
    text: str
    on: str
    reference: Reference


def create(store: GitObjects, door: Files, text: str, now: datetime) -> tuple[str, Contents]:
    """Keep the work tree as it is now; the checkpoint's name and what it holds."""
    contents = present(store, door)
    return keep_as_checkpoint(store, contents, text, now), contents


def keep_as_checkpoint(store: GitObjects, contents: Contents, text: str, now: datetime) -> str:
    """Make a checkpoint of contents; its name, which no other one has."""
    commit = keep(store, contents, text or "checkpoint")
    stem = f"{now:%Y%m%dT%H%M%S}.{now.microsecond // 1000:03}Z-{_slug(text)}"
    for number in range(1, _TRIES):
        name = stem if number == 1 else f"{stem}-{number}"
        if store.add_reference(PREFIX + name, commit):
            return name
    raise OperationError(f"cannot make the reference {PREFIX}{stem} in {store.root}")


def _slug(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")
    return plain[:_LONGEST_SLUG].rstrip("-") or "checkpoint"


def checkpoints(store: GitObjects) -> tuple[Checkpoint, ...]:
    """All of them, newest first."""
    # By name: git keeps whole seconds only.
    found = sorted(store.references(PREFIX), key=lambda ref: ref.name, reverse=True)
    return tuple(_checkpoint(reference) for reference in found)


def _checkpoint(reference: Reference) -> Checkpoint:
    return Checkpoint(
        name=reference.name.removeprefix(PREFIX),
        made=f"{datetime.fromtimestamp(reference.time, UTC):%Y-%m-%dT%H:%M:%SZ}",
        text=words(reference.message),
        on=reference.parent,
        reference=reference,
    )


def find(store: GitObjects, wanted: str) -> Checkpoint:
    """The checkpoint of that name, or the only one whose name holds it; "" is the newest.

    Raises:
        UsageError: there is none, or several fit.
    """
    every = checkpoints(store)
    if not every:
        raise UsageError(
            f"{store.root} has no checkpoint", hint="make one: hubctl checkpoint create"
        )
    if not wanted:
        return every[0]
    exact = [one for one in every if one.name == wanted]
    fitting = exact or [one for one in every if wanted in one.name]
    if len(fitting) == 1:
        return fitting[0]
    hint = "list them: hubctl checkpoint list"
    if not fitting:
        raise UsageError(f"no checkpoint is called {wanted!r}", hint=hint)
    names = ", ".join(one.name for one in fitting[:5])
    raise UsageError(f"{wanted!r} fits {len(fitting)} checkpoints: {names}", hint=hint)


def outdated(
    every: Sequence[Checkpoint], *, keep: int, days: float | None, now: datetime
) -> tuple[Checkpoint, ...]:
    """Those that may go: beyond the newest `keep`, and older than `days` where that is given."""
    candidates = every[keep:]
    if days is None:
        return tuple(candidates)
    oldest = f"{now - timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"
    return tuple(one for one in candidates if one.made < oldest)
