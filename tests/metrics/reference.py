"""What transcripts add up to, read slowly and plainly: line after line, everything in memory.

Written from the rules (docs/decisions, the price file's own words), not from the program: whole
files, no cursors, no tables, exact fractions for dollars.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

FIELDS = (
    *("input_tokens", "output_tokens", "cache_read_input_tokens"),
    "cache_creation_input_tokens",
)
_MODELS = Path(__file__).parents[2] / "schemas/models.json"


class Answer(NamedTuple):
    """One answer that counts. at: of its first line, None where nothing told."""

    key: tuple
    at: datetime | None
    session: str
    project: str
    model: str
    tokens: tuple  # of FIELDS
    hour: int
    searches: int
    speed: str
    tier: str


def lines_of(data):
    """Every line that is a JSON object, whatever its end; a BOM and broken bytes are no trouble."""
    for line in data.split(b"\n"):
        text = line.decode("utf-8", "replace").strip(" \t\r\n\ufeff")
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            yield found


def number(value):
    """A count: whole and not negative, 12.0 too; anything else is none."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    fine = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53
    return value if fine else 0


def written(usage):
    """Tokens written to the cache, and those of them for an hour; old clients tell no parts."""
    parts = usage.get("cache_creation")
    parts = parts if isinstance(parts, dict) else {"ephemeral_5m_input_tokens": parts}
    five, hour = (number(parts.get(f"ephemeral_{name}_input_tokens")) for name in ("5m", "1h"))
    told = usage.get("cache_creation_input_tokens")
    whole = five + hour if told is None else number(told)
    return whole, min(hour, whole)


def word(value):
    return value if isinstance(value, str) else ""


def moment(value):
    """A time is UTC where it does not say; one of no calendar that we have is none."""
    try:
        found = datetime.fromisoformat(value)
    except (ValueError, TypeError):
        return None
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    return found if 1970 < found.year < 9987 else None


def of_line(line, name, at, project):
    """The answer that a line tells of, and whether it is outside the main conversation; or None."""
    message = line.get("message")
    if line.get("type") != "assistant" or not isinstance(message, dict):
        return None
    usage = message.get("usage")
    if line.get("isApiErrorMessage") or message.get("model") == "<synthetic>":
        return None
    if not isinstance(usage, dict):
        return None
    key = (word(message.get("id")), word(line.get("requestId")))
    if key == ("", ""):
        key = ("", "", word(line.get("uuid")) or object())
    whole, hour = written(usage)
    tools = usage.get("server_tool_use")
    tools = tools if isinstance(tools, dict) else {}
    return Answer(
        key=key,
        at=at,
        session=word(line.get("sessionId")) or session_of(name),
        project=project,
        model=word(message.get("model")),
        tokens=(*(number(usage.get(field)) for field in FIELDS[:3]), whole),
        hour=hour,
        searches=number(tools.get("web_search_requests")),
        speed=word(usage.get("speed")),
        tier=word(usage.get("service_tier")),
    )


def agent_of(name):
    stem = name.rpartition("/")[2].removesuffix(".jsonl")
    return stem.removeprefix("agent-") if stem.startswith("agent-") else ""


def session_of(name):
    return name.split("/")[-3 if agent_of(name) else -1].removesuffix(".jsonl")


def copies(files):
    """Key of an answer → its copies: (how good, session and agent, file) → the last snapshot there.

    With the time of the first, and whether it is outside the main conversation.
    """
    found = {}
    for name in sorted(files):
        project, at = "", None
        for line in lines_of(files[name]):
            project = project or word(line.get("cwd"))
            at = moment(line.get("timestamp")) or at
            answer = of_line(line, name, at, project)
            if answer is None:
                continue
            side = bool(line.get("isSidechain"))
            agent = word(line.get("agentId")) or agent_of(name)
            which = ((not side, "forkedFrom" not in line), (answer.session, agent), name)
            there = found.setdefault(answer.key, {})
            if which in there:
                answer = answer._replace(at=there[which][0].at)
            there[which] = (answer, side or bool(agent))
    return found


def best(places):
    """The one in the main conversation, then one that was not forked, then of the least session."""
    rank = max(rank for rank, _, _ in places)
    return min(which for which in places if which[0] == rank)


def answers(files):
    """The answers that count, without replays in side conversations.

    Of copies the best one says whose the answer is, and the fullest what it used.
    """
    chosen = {}
    for key, places in copies(files).items():
        one, side = places[best(places)]
        most = max(fullness(copy) for copy, _ in places.values())
        full = [which for which, (copy, _) in places.items() if fullness(copy) == most]
        used, _ = places[best(full)]
        used = used._replace(at=one.at, session=one.session, project=one.project)
        chosen[key] = (used, side)
    mains = {key[0] for key, (_, side) in chosen.items() if not side and key[0]}
    return [one for key, (one, side) in chosen.items() if not (side and key[0] in mains)]


def fullness(answer):
    """Copies that were made before an answer was whole say less."""
    return answer.tokens[1], sum(answer.tokens)


def totals(files):
    """Sums over all answers: (answers, input, output, cache read, cache write)."""
    found = answers(files)
    return (len(found), *(sum(one.tokens[n] for one in found) for n in range(len(FIELDS))))


def cost(answer, own_name=None):
    """Dollars as an exact fraction; None where there is no price.

    `own_name`: the model's name in the price file, where the client wrote another.
    """
    document = json.loads(_MODELS.read_text(), parse_float=Fraction)
    model = document["models"].get(own_name or answer.model)
    into, out, read, write = answer.tokens
    fitting = None
    for row in model["prices"] if model else ():
        if row.get("speed", "") != ("fast" if answer.speed == "fast" else ""):
            continue
        if into + read + write <= row.get("above", -1):
            continue
        if "from" in row and answer.at.astimezone().date().isoformat() < row["from"]:
            continue
        fitting = row
    if fitting is None:
        return None
    found = Fraction(fitting["input"]) * into + Fraction(fitting["output"]) * out
    found += Fraction(fitting["cache_read"]) * read
    found += Fraction(fitting["cache_write"]) * (write - answer.hour)
    found += Fraction(fitting["cache_hour"]) * answer.hour
    if answer.tier == "batch":
        found *= Fraction(document["batch"])
    return found / 1_000_000 + answer.searches * Fraction(document["web_search"])


def dollars(files):
    """The cost of all answers with a known price, and how many have none."""
    costs = [cost(one) for one in answers(files)]
    return sum(one for one in costs if one is not None), costs.count(None)
