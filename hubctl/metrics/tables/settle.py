"""Which rows count where two sources told of the same without a key in common.

Runs at the end of every transaction, over what it changed and what that may concern. Owns the flag
`counted`; the rules stand in docs/decisions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.metrics.schema import schema
from hubctl.metrics.tables.ddl import RANK, SEQ, SHARED

if TYPE_CHECKING:
    from hubctl.metrics.tables.batch import Batch

_NEW = f"(SELECT {{}} FROM claude_context WHERE {SEQ} > ?1)"
# Answers of the exporter that a transcript may have, and of side conversations that may be replays.
_ANSWERS = f"""
WITH touched(response) AS (
    SELECT response FROM claude_context
        WHERE {SEQ} > ?1 AND (sidechain OR source = 'otel' OR NOT counted)
    UNION SELECT response FROM claude_context
        WHERE source = 'otel' AND request != '' AND request IN {_NEW.format("request")}
    UNION SELECT response FROM claude_context
        WHERE source = 'otel' AND request = '' AND session IN {_NEW.format("session")}
    UNION SELECT response FROM claude_context
        WHERE sidechain AND message != '' AND message IN {_NEW.format("message")}
)
SELECT counted, wanted, response FROM (
    SELECT c.response, c.counted, CASE
        WHEN c.source = 'otel' AND c.request != '' THEN NOT EXISTS (
            SELECT 1 FROM claude_context t
            WHERE t.request = c.request AND t.source = 'transcript')
        WHEN c.source = 'otel' THEN NOT EXISTS (
            SELECT 1 FROM claude_context t
            WHERE t.session = c.session AND t.source = 'transcript')
        WHEN c.sidechain AND c.message != '' THEN NOT EXISTS (
            SELECT 1 FROM claude_context t
            WHERE t.response >= c.message || ':' AND t.response < c.message || ';'
            AND t.message = c.message AND NOT t.sidechain)
        ELSE 1 END AS wanted
    FROM claude_context c WHERE c.response IN touched
) WHERE counted != wanted
"""
# CROSS JOIN and + keep the planner to what changed: without statistics it would look through all.
# What only the exporter knows of an answer that a transcript has.
_CELLS = "SELECT o.client_cost_usd, o.duration_ms, o.speed, t.response FROM claude_context"
_TOLD = f"""
{_CELLS} o CROSS JOIN claude_context t ON t.request = o.request AND t.source = 'transcript'
WHERE o.{SEQ} > ?1 AND +o.source = 'otel' AND +o.request != '' AND t.client_cost_usd IS NULL
UNION {_CELLS} t CROSS JOIN claude_context o ON o.request = t.request AND o.source = 'otel'
WHERE t.{SEQ} > ?1 AND t.source = 'transcript' AND +t.request != '' AND t.client_cost_usd IS NULL
"""
_SHARED = f"kind IN ({SHARED})"
_EVENTS = f"""
WITH touched AS (
    SELECT DISTINCT +session AS session, +kind AS kind FROM claude_events
    WHERE {SEQ} > ?1 AND +{_SHARED} AND +session != ''
), best(session, kind, rank) AS (
    SELECT n.session, n.kind, (SELECT max(e.{RANK}) FROM claude_events e
        WHERE e.session = n.session AND e.kind = n.kind AND e.{_SHARED})
    FROM touched n
)
SELECT e.counted, e.{RANK} = best.rank AS wanted, e.event
FROM best CROSS JOIN claude_events e ON e.session = best.session AND e.kind = best.kind
WHERE e.{_SHARED} AND e.counted != (e.{RANK} = best.rank)
"""


def settle(batch: Batch, after: int) -> None:
    """Bring `counted` up to date for what changed after the number `after`."""
    answers, events = schema().table("claude_context"), schema().table("claude_events")
    if batch.touches(answers):
        told = batch.rows(_TOLD, (after,))
        batch.change(
            answers,
            "client_cost_usd = ?2, duration_ms = coalesce(duration_ms, ?3),"
            " speed = coalesce(speed, ?4)",
            told,
            "response = ?5",
        )
        found = batch.rows(_ANSWERS, (after,))
        batch.change(answers, "counted = ?2", [(row[1], row[2]) for row in found], "response = ?3")
    if batch.touches(events):
        found = batch.rows(_EVENTS, (after,))
        batch.change(events, "counted = ?2", [(row[1], row[2]) for row in found], "event = ?3")
