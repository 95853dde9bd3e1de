"""The store as commands about figures open it: what is new is read in first, then it is read."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubctl.metrics.refresh import Wanted
    from hubctl.metrics.store import Store


def hub_document(hub_path: str | None) -> Mapping[str, Any]:
    """What canonical.yaml says; nothing where there is no hub that can be used.

    Figures are told without one too: the store belongs to the account. A hub that somebody names
    has to be there.

    Raises:
        HubctlError: the hub that was named cannot be used.
    """
    from hubctl.cli.context import open_world
    from hubctl.errors import HubctlError

    try:
        return open_world(hub_path).compiler.head.document
    except HubctlError:
        if hub_path:
            raise
        return {}


@contextmanager
def measured(document: Mapping[str, Any], *, refresh: bool = True) -> Iterator[Store]:
    """This account's store, open to read; where refreshing fails it is as it was, which is told.

    Raises:
        OperationError: it cannot be read.
    """
    from hubctl.metrics.store import metrics_path, open_store
    from hubctl.system.places import find_places

    if refresh:
        _refresh(document)
    with open_store(metrics_path(find_places())) as store:
        yield store


def _refresh(document: Mapping[str, Any]) -> None:
    from hubctl.cli.context import say
    from hubctl.cli.terminal import find_terminal, working
    from hubctl.metrics.refresh import refresh
    from hubctl.system.places import find_places

    with working(find_terminal(), "reading what is new"):
        done = refresh(find_places(), wanted(document))
    say([f"what is new could not be read: {done.problem}"] if done.problem else [])


def wanted(document: Mapping[str, Any]) -> Wanted:
    """What a hub says about prices and about how long rows are kept.

    Raises:
        UsageError: a price is none, or a time no number of days.
    """
    from hubctl.config.layers import mapping
    from hubctl.errors import UsageError
    from hubctl.metrics.prices import prices
    from hubctl.metrics.refresh import Wanted

    section = mapping(document.get("metrics"))
    added, kept = mapping(section.get("prices")), mapping(section.get("retention_days"))
    try:
        prices(added)
    except (AttributeError, KeyError, TypeError, ValueError):
        hint = "a model's row is {input: 3, output: 15}, in dollars per million tokens"
        raise UsageError("metrics.prices holds what is no price", hint=hint) from None
    if not all(type(days) is int and 0 < days < 10_000 for days in kept.values()):
        raise UsageError("metrics.retention_days holds what is no number of days")
    return Wanted(prices=added, retention_days=kept)


def now() -> int:
    """This moment in microseconds since 1970."""
    from hubctl.system.clock import nanoseconds

    return nanoseconds() // 1000
