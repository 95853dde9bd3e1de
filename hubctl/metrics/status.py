"""How the store stands: what it holds, from whom, how fresh it is, and what happened to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.metrics.export.targets import TARGETS, targets
from hubctl.metrics.prices import shipped_prices
from hubctl.system.database import stored_bytes

if TYPE_CHECKING:
    from hubctl.metrics.export.targets import Target
    from hubctl.metrics.store import Note, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Rows of one table; first and last in microseconds since 1970, None where there are none."""

    table: str
    rows: int
    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The store as it is.

    Attributes:
        size: bytes on disk. held: of each table. sources: source → what is read of it: files or
            repositories. heard: microseconds of the last telemetry, None for never.
        damaged: lines of the spool that were passed over. unpriced: answers without a known price.
        prices: day of the shipped prices. behind: sessions and days that a refresh has still to do.
        targets: how pushing went last.
    """

    path: str
    size: int
    held: tuple[Held, ...]
    sources: dict[str, int]
    heard: int | None
    damaged: int
    unpriced: int
    prices: str
    behind: int
    notes: tuple[Note, ...]
    targets: tuple[Target, ...]


def status(store: Store) -> Status:
    """How this store stands."""
    found = store.rows("SELECT source, count(*) FROM cursors GROUP BY source ORDER BY source")
    [(unpriced,)] = store.rows("SELECT coalesce(sum(unpriced), 0) FROM daily_context")
    [(behind,)] = store.rows("SELECT (SELECT count(*) FROM stale) + (SELECT count(*) FROM dirty)")
    return Status(
        path=store.path,
        size=stored_bytes(store.path),
        held=tuple(_held(store, table.name) for table in store.schema.tables),
        sources={
            str(source): int(count or 0)
            for source, count in found
            if str(source).split(" ")[0] != TARGETS
        },
        heard=store.number("heard") or None,
        damaged=store.number("spool_damaged"),
        unpriced=int(unpriced or 0),
        prices=shipped_prices().date,
        behind=int(behind or 0),
        notes=store.notes(),
        targets=targets(store),
    )


def _held(store: Store, table: str) -> Held:
    [(count,)] = store.rows(f"SELECT count(*) FROM {table}")
    [(first,)] = store.rows(f"SELECT min(time) FROM {table}")
    [(last,)] = store.rows(f"SELECT max(time) FROM {table}")
    return Held(
        table=table,
        rows=int(count or 0),
        first=None if first is None else int(first),
        last=None if last is None else int(last),
    )
