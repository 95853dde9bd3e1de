"""What follows when prices change: every stored answer's cost, and the sums of sessions and agents.

Costs are always computed by `Prices`; rows whose cost stays the same are left alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.metrics.prices import Usage
from hubctl.metrics.tables.ddl import SEQ
from hubctl.metrics.tables.derive import derive_costs
from hubctl.metrics.watch import nobody

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hubctl.metrics.prices import Prices
    from hubctl.metrics.schema import Scalar
    from hubctl.metrics.store import Store
    from hubctl.metrics.tables.batch import Batch
    from hubctl.metrics.watch import Watch

    Row = tuple[Scalar, ...]

_PART = 20_000  # rows held at once
_ROWS = f"""
SELECT {SEQ}, model, cost_usd, window_tokens, context_tokens, time, input_tokens, output_tokens,
    cache_read_tokens, cache_write_tokens, cache_hour_tokens, web_searches, coalesce(speed, ''),
    coalesce(tier, '')
FROM claude_context WHERE {SEQ} > ? AND {SEQ} <= ? ORDER BY {SEQ} LIMIT {_PART}
"""
_SETS = "cost_usd = ?2, window_tokens = ?3, percent = ?4"


def price_anew(store: Store, known: Prices, watch: Watch = nobody) -> None:
    """Bring all costs to these prices, where the store has others.

    Raises:
        OperationError: the store cannot be written; it has the prices that it had.
    """
    if store.meta("prices") == known.mark:
        return
    with store.batch() as batch:
        table = store.schema.table("claude_context")
        changed = False
        for rows in _parts(batch, watch):
            found = list(_changes(rows, known))
            batch.change(table, _SETS, found, f"{SEQ} = ?5", follows=False)
            changed = changed or bool(found)
        if changed:
            derive_costs(batch)
        batch.set_meta("prices", known.mark)


def _parts(batch: Batch, watch: Watch) -> Iterator[Sequence[Row]]:
    """All answers as they stand; a row that is changed gets a number behind them."""
    after, last = 0, batch.began
    while rows := batch.rows(_ROWS, (after, last)):
        yield rows
        after = int(rows[-1][0] or 0)
        watch("prices", after, last)


def _changes(rows: Sequence[Row], known: Prices) -> Iterator[Row]:
    for seq, model, was, window, context, *used in rows:
        name, held = str(model), int(context or 0)
        cost = known.cost(name, Usage(*used))  # type: ignore[arg-type]  # as the table has them
        fits = known.window(name, held) or None
        if (cost, fits) != (was, window):
            yield cost, fits, held * 100 / fits if fits else None, seq
