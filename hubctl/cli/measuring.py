"""The store of what is measured, as commands use it: brought up to date, then opened to read."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

from hubctl.cli.context import open_world, say
from hubctl.cli.terminal import advancing, find_terminal
from hubctl.errors import CanonicalError, UsageError
from hubctl.metrics.refresh import Wanted, refresh
from hubctl.metrics.store import metrics_path, open_store
from hubctl.system.passing import is_there, passing_folder
from hubctl.system.places import find_places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.metrics.refresh import Refreshed
    from hubctl.metrics.store import Store
    from hubctl.metrics.watch import Watch


def wanted(hub_path: str | None) -> Wanted:
    """What the hub says about measuring; nothing where there is no hub to ask.

    Raises:
        UsageError: `--hub` names none, or its canonical.yaml is wrong.
    """
    try:
        document = open_world(hub_path).compiler.head.document
    except CanonicalError:
        raise
    except UsageError:
        if hub_path:
            raise
        return Wanted()
    return Wanted.of(document.get("metrics"))


def bring_up_to_date(hub_path: str | None) -> Refreshed:
    """Read what is new, and say on stderr where that was not possible."""
    told = wanted(hub_path)
    with watched() as watch:
        done = refresh(find_places(), told, watch)
    if done.problem:
        say([f"the figures may be old: {done.problem}"])
    say(note.text for note in done.notes)
    return done


_SAID = {
    "prices": "costs at the new prices",
    "transcripts": "reading transcripts",
    "spool": "reading what hooks recorded",
    "sessions": "adding up sessions",
    "days": "adding up days",
}


@contextlib.contextmanager
def watched() -> Iterator[Watch]:
    """Somebody who waits at a terminal sees how far a refresh is."""
    with advancing(find_terminal()) as show:
        yield lambda what, done, whole: show(_SAID[what], done, whole)


@contextlib.contextmanager
def measured(
    hub_path: str | None, *, fresh: bool = True, untrusted: bool = False
) -> Iterator[Store]:
    """The store, brought up to date unless `fresh` is False, opened to read.

    An account that has none and can keep none gets one for now, made of the transcripts.
    """
    path = metrics_path(find_places())
    with contextlib.ExitStack() as stack:
        if fresh and bring_up_to_date(hub_path).problem and not is_there(path):
            path = stack.enter_context(_store_for_now(hub_path))
        yield stack.enter_context(open_store(path, untrusted=untrusted))


@contextlib.contextmanager
def _store_for_now(hub_path: str | None) -> Iterator[str]:
    say(["nothing can be kept there, so these figures are made of the transcripts alone"])
    with passing_folder() as folder:
        places = replace(find_places(), state=folder)
        refresh(places, wanted(hub_path))
        yield metrics_path(places)
