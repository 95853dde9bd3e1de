"""`hubctl usage --format json` over transcripts: every view is what the slow reference says.

Days around midnight, ends of years, months and summer times, in several zones.
"""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from tests.metrics import reference
from tests.metrics.reading import files, put
from tests.metrics.written import text
from tests.support.cli import validate

TODAY = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
ZONES = ("UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia")
MODELS = ("claude-sonnet-4-6", "claude-opus-5-5", "us.anthropic.claude-opus-4-6-v1", "who-knows")
OWN = {"us.anthropic.claude-opus-4-6-v1": "claude-opus-4-6"}
FIELDS = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens")


def ends_of_days():
    """Moments about midnight of the days at which something changes, of the last year."""
    found = []
    for days in range(1, 360):
        day = TODAY - timedelta(days=days)
        for zone in map(ZoneInfo, ZONES):
            midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
            turns = midnight.utcoffset() != (midnight + timedelta(days=1)).utcoffset()
            if turns or (day.month, day.day) == (1, 1) or days in (1, 2, 8):
                found += [midnight + timedelta(minutes=minutes) for minutes in (-1, 0, 59, 180)]
    return found


def world():
    """Sessions of two projects with answers at those moments, snapshots and copies among them."""
    chance = random.Random(5)
    lines = defaultdict(list)
    for number, moment in enumerate(ends_of_days()):
        project = chance.choice(("api", "web"))
        session = f"{project}-{chance.randint(1, 9)}"
        usage = {name: chance.randint(0, 90_000) for name in reference.FIELDS}
        line = {
            "type": "assistant",
            "uuid": f"u{number}",
            "sessionId": session,
            "cwd": f"/home/dev/{project}",
            "timestamp": moment.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "requestId": f"r{number}",
            "message": {"id": f"m{number}", "model": chance.choice(MODELS), "usage": usage},
        }
        snapshots = [line] * chance.randint(1, 3)
        lines[session] += snapshots
        if chance.random() < 0.2:
            lines["zz-copy"] += [line]
    return {f"p/{session}.jsonl": text(*found) for session, found in lines.items()}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Files, and every answer of them that counts."""
    home = tmp_path_factory.mktemp("told")
    for name, data in world().items():
        put(home, name, data)
    return home, reference.answers(files(home))


def key_of(by, answer, zone):
    day = answer.at.astimezone(ZoneInfo(zone)).date()
    year, week, _ = day.isocalendar()
    return {
        "day": day.isoformat(),
        "week": f"{year}-W{week:02}",
        "month": f"{day:%Y-%m}",
        "project": answer.project,
        "model": answer.model,
        "session": answer.session,
    }[by]


def expected(by, answers, zone):
    """Key → answers, the four kinds of tokens, dollars, answers without a price."""
    found = defaultdict(lambda: [0, 0, 0, 0, 0, Fraction(0), 0])
    for one in answers:
        row = found[key_of(by, one, zone)]
        price = reference.cost(one, OWN.get(one.model))
        row[0] += 1
        for place, number in enumerate(one.tokens, 1):
            row[place] += number
        row[5] += price or 0
        row[6] += price is None
    return found


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("by", ["day", "week", "month", "project", "model", "session"])
def test_a_view_in_a_zone(told, account, monkeypatch, by, zone):
    home, answers = told
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(home / ".claude"))
    document = account.ok("usage", by, "--format", "json", "--timezone", zone).json
    validate(document, "usage")
    compare(document, expected(by, answers, zone))


@pytest.mark.parametrize("zone", ZONES)
def test_days_where_the_machine_itself_is_in_the_zone(told, account, zone):
    home, answers = told
    where = {"TZ": zone, "CLAUDE_CONFIG_DIR": str(home / ".claude")}
    ran = account.process("usage", "--json", env=where)
    compare(ran.json, expected("day", answers, zone))


def compare(document, wanted):
    rows = {row["key"]: row for row in document["rows"]}
    assert set(rows) == set(wanted)
    for key, (answers, *tokens, dollars, unpriced) in wanted.items():
        row = rows[key]
        assert [row["answers"], *(row[name] for name in FIELDS)] == [answers, *tokens]
        assert row["unpriced"] == unpriced
        assert (row["cost_usd"] is None) == (unpriced == answers)
        assert abs((row["cost_usd"] or 0) - float(dollars)) <= 1e-9 * float(dollars)
        assert sum(one["answers"] for one in row["models"]) == answers
        assert sum(one["tokens"] for one in row["models"]) == row["tokens"] == sum(tokens)
    assert document["total"]["answers"] == sum(row[0] for row in wanted.values())


def test_a_part_of_it(told, account, monkeypatch):
    home, answers = told
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(home / ".claude"))
    first, last = f"{TODAY - timedelta(days=40):%Y-%m-%d}", f"{TODAY - timedelta(days=2):%Y-%m-%d}"
    asked = ("--since", first, "--until", last, "--project", "api", "--model", "claude-opus-4-6")
    document = account.ok("usage", "--json", "--timezone", "UTC", *asked).json
    chosen = [
        one
        for one in answers
        if first <= one.at.astimezone(UTC).date().isoformat() <= last
        and (one.project, OWN.get(one.model)) == ("/home/dev/api", "claude-opus-4-6")
    ]
    assert chosen
    compare(document, expected("day", chosen, "UTC"))
