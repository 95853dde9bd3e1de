"""What transcripts add up to, read slowly and plainly: line after line, everything in memory.

Written from the rules (docs/decisions), not from the program: whole files, no cursors, no tables.
"""

from __future__ import annotations

import json


def lines_of(data):
    """Every line that is a JSON object, whatever its end; a BOM and broken bytes are no trouble."""
    for line in data.split(b"\n"):
        text = line.decode("utf-8", "replace").replace("\ufeff", "", 1).strip()
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            yield found


def number(value):
    fine = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53
    return value if fine else 0


def copies(files):
    """Key of an answer → its copies: (how good, session, agent) → the last snapshot there."""
    found = {}
    for name in sorted(files):
        stem = name.rpartition("/")[2].removesuffix(".jsonl")
        agent = stem.removeprefix("agent-") if stem.startswith("agent-") else ""
        for line in lines_of(files[name]):
            message = line.get("message")
            if line.get("type") != "assistant" or not isinstance(message, dict):
                continue
            usage = message.get("usage")
            if line.get("isApiErrorMessage") or message.get("model") == "<synthetic>":
                continue
            if not isinstance(usage, dict):
                continue
            key = (message.get("id"), line.get("requestId"))
            side = bool(line.get("isSidechain"))
            rank = (not side, "forkedFrom" not in line)
            session = line.get("sessionId") or name.split("/")[-1 if not agent else -3]
            place = (session.removesuffix(".jsonl"), line.get("agentId") or agent)
            found.setdefault(key, {})[rank, place] = (usage, side or bool(place[1]), message)
    return found


def totals(files):
    """Sums over all answers: (answers, input, output, cache read, cache write)."""
    chosen = {}
    for key, places in copies(files).items():
        best = max(rank for rank, _ in places)
        place = min(place for rank, place in places if rank == best)
        chosen[key] = (*places[best, place], place)
    mains = {key[0] for key, (_, side, _, _) in chosen.items() if not side and key[0]}
    counted = {
        key: usage for key, (usage, side, _, _) in chosen.items() if not (side and key[0] in mains)
    }
    fields = (
        *("input_tokens", "output_tokens", "cache_read_input_tokens"),
        "cache_creation_input_tokens",
    )
    sums = (sum(number(usage.get(field)) for usage in counted.values()) for field in fields)
    return (len(counted), *sums)
