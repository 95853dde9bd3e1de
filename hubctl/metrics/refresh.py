"""Bring the store up to date: read what is new in every source on disk, then what follows from it.

One process at a time reads; another one goes on with what is there. A store that cannot be written
is reported, never a reason to fail a report.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hubctl.errors import OperationError
from hubctl.metrics.export.targets import count_lost, held_from
from hubctl.metrics.prices import prices, shipped_prices
from hubctl.metrics.sources.deliveries import read_deliveries
from hubctl.metrics.sources.spool import read_spools
from hubctl.metrics.sources.transcripts import read_transcripts
from hubctl.metrics.store import make_anew, metrics_path, open_store
from hubctl.metrics.tables.batch import due_before
from hubctl.metrics.tables.derive import derive
from hubctl.metrics.tables.repricing import price_anew
from hubctl.metrics.watch import nobody
from hubctl.system.clock import nanoseconds
from hubctl.system.database import DamagedError, identity
from hubctl.system.lock import writer_lock
from hubctl.system.transcripts import transcript_folders

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from hubctl.metrics.store import Note, Store
    from hubctl.metrics.tables.batch import Batch
    from hubctl.metrics.watch import Watch
    from hubctl.system.places import Places

SPOOL_MB = 512
_DAY = 86_400_000_000
_JUMP = 30 * _DAY  # of the clock between two refreshes that nobody has to believe at once
_WAIT = 0.2  # seconds for another reader; it does the same work


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a hub says about measuring: its section `metrics`.

    Attributes:
        prices: model → price, beside the shipped ones. retention_days: table → days.
        port: where the collector listens, 0 for its own choice.
        spool_mb: megabytes of rows that stay beyond their time while a target waits for them.
    """

    prices: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    retention_days: Mapping[str, int] = field(default_factory=dict)
    port: int = 0
    spool_mb: int = SPOOL_MB

    @staticmethod
    def of(section: object) -> Wanted:
        """What a section `metrics` of canonical.yaml says; it was checked when it was loaded."""
        given = section if isinstance(section, dict) else {}
        kept = given.get("retention_days") or {}
        return Wanted(
            prices={name: row for name, row in (given.get("prices") or {}).items() if row},
            retention_days={name: days for name, days in kept.items() if days},
            port=given.get("port") or 0,
            spool_mb=SPOOL_MB if given.get("spool_mb") is None else given["spool_mb"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """What a refresh did.

    Attributes:
        lines: of transcripts that said something. records: of the spool; damaged: its broken lines.
        notes: what befell the store meanwhile, such as that it was damaged and made anew.
        problem: why the store is not up to date, "" where it is.
    """

    lines: int = 0
    records: int = 0
    damaged: int = 0
    notes: tuple[Note, ...] = ()
    problem: str = ""


def refresh(places: Places, wanted: Wanted | None = None, watch: Watch = nobody) -> Refreshed:
    """Read everything that is new. Never raises for a store that cannot be written: it says so."""
    began = nanoseconds() // 1000
    done = _refresh_or_mend(metrics_path(places), places, wanted or Wanted(), watch)
    return replace(done, notes=tuple(note for note in done.notes if note.time >= began))


def _refresh_or_mend(path: str, places: Places, wanted: Wanted, watch: Watch) -> Refreshed:
    try:
        with writer_lock(f"{path}.lock", wait=_WAIT):
            seen = identity(path)
            try:
                return _refresh(path, places, wanted, watch)
            except DamagedError as error:
                if seen == identity(path):
                    make_anew(path, error.message, seen)
                return _refresh(path, places, wanted, watch)
    except OperationError as error:
        return Refreshed(problem=error.message)


def _refresh(path: str, places: Places, wanted: Wanted, watch: Watch) -> Refreshed:
    known = prices(wanted.prices) if wanted.prices else shipped_prices()
    with open_store(path, write=True) as store:
        _follow_clock(store, wanted)
        folders = (places.config_dir, *places.other_config_dirs)
        # Before there is anything new, which gets these prices at once.
        price_anew(store, known, watch)
        lines = sum(
            read_transcripts(store, one, known, watch) for one in transcript_folders(folders)
        )
        records, damaged = read_spools(store, places.state, watch)
        _follow(store, wanted, watch)
        if read_deliveries(store, nanoseconds() // 1000):
            _follow(store, wanted, watch)
        return Refreshed(lines=lines, records=records, damaged=damaged, notes=store.notes())


def _follow(store: Store, wanted: Wanted, watch: Watch) -> None:
    """What follows from new rows, and from a new day."""
    now = nanoseconds() // 1000
    due = now - _pruned(store) > _DAY
    if not (due or _has_news(store)):
        return
    with store.batch() as batch:
        derive(batch, watch)
        batch.roll_up(watch)
        if due:
            _prune(batch, store, wanted, now)
    if due:
        store.give_back()


def _has_news(store: Store) -> bool:
    return bool(
        store.rows("SELECT 1 FROM stale LIMIT 1") or store.rows("SELECT 1 FROM dirty LIMIT 1")
    )


def _pruned(store: Store) -> int:
    return store.number("pruned")


def _follow_clock(store: Store, wanted: Wanted) -> None:
    """A clock that was ahead takes no more rows once it is right: they would go as they come."""
    now = nanoseconds() // 1000
    if _pruned(store) <= now:
        return
    with store.batch() as batch:
        for name, before in _due(store, wanted, now).items():
            batch.keep_from(name, before)
        batch.set_meta("pruned", str(now))


def _due(store: Store, wanted: Wanted, now: int) -> dict[str, int]:
    """Table → the moment before which its rows are older than is kept."""
    kept = {table.name: table.retention_days for table in store.schema.tables}
    return {name: due_before(now, wanted.retention_days.get(name, kept[name])) for name in kept}


def _prune(batch: Batch, store: Store, wanted: Wanted, now: int) -> None:
    """Remove what is older than is kept, but what a target waits for while there is room.

    Nothing goes at the first look after a long time, as it may be the clock that is wrong.
    """
    before_now = _pruned(store)
    batch.set_meta("pruned", str(now))
    if before_now and now - before_now > _JUMP:
        return
    due = _due(store, wanted, now)
    held = held_from(batch, due, wanted.spool_mb)
    lost = 0
    for table in store.schema.tables:
        before = due[table.name] if held is None else min(due[table.name], held)
        lost += count_lost(batch, table, before)
        batch.prune(table, before)
    if lost:
        batch.note(
            now,
            f"{lost} rows were removed that a target still waited for: they were older than is"
            f" kept, and more than {wanted.spool_mb} MB waited (metrics.spool_mb)",
        )
