"""Which rows count where two sources told of the same without a key in common.

Runs at the end of every transaction, over what it changed and what that may concern. Owns the flag
`counted`; the rules stand in docs/decisions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.metrics.ddl import RANK, SEQ
from hubctl.metrics.schema import schema

if TYPE_CHECKING:
    from hubctl.metrics.batch import Batch

# Kinds of events that several sources tell of, each in its own words and with its own ids.
SHARED_KINDS = ("prompt", "compaction", "api_error")

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
    SELECT c.response, c.counted, NOT (
        (c.source = 'otel' AND c.request != '' AND EXISTS (SELECT 1 FROM claude_context t
            WHERE t.request = c.request AND t.source = 'transcript'))
        OR (c.source = 'otel' AND c.request = '' AND EXISTS (SELECT 1 FROM claude_context t
            WHERE t.session = c.session AND t.source = 'transcript'))
        OR (c.sidechain AND c.message != '' AND EXISTS (SELECT 1 FROM claude_context t
            WHERE t.message = c.message AND NOT t.sidechain))
    ) AS wanted
    FROM claude_context c WHERE c.response IN touched
) WHERE counted != wanted
"""
# What only the exporter knows of an answer that a transcript has.
_TOLD = f"""
SELECT o.client_cost_usd, o.duration_ms, o.speed, t.response
FROM claude_context o JOIN claude_context t ON t.request = o.request AND t.source = 'transcript'
WHERE o.source = 'otel' AND o.request != '' AND t.client_cost_usd IS NULL
AND (o.{SEQ} > ?1 OR t.{SEQ} > ?1)
"""
_KINDS = ", ".join(f"'{kind}'" for kind in SHARED_KINDS)
_EVENTS = f"""
SELECT counted, wanted, event FROM (
    SELECT e.event, e.counted, e.{RANK} = (SELECT max(b.{RANK}) FROM claude_events b
        WHERE b.session = e.session AND b.kind = e.kind) AS wanted
    FROM claude_events e
    WHERE e.kind IN ({_KINDS}) AND e.session IN (
        SELECT session FROM claude_events
        WHERE {SEQ} > ?1 AND kind IN ({_KINDS}) AND session != '')
) WHERE counted != wanted
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
