"""Lines of transcripts with anything anywhere: every answer is what the slow reading says of it."""

from __future__ import annotations

import copy
import json
import random
from collections import Counter

import pytest

from hubctl.metrics.refresh import refresh
from hubctl.system.places import find_places
from tests.metrics import reference
from tests.metrics.reading import files, put, rows
from tests.metrics.written import said

ODD = (
    *(None, True, False, 0, 1, -1, 5, 1.0, 1.5, 1e3, 1e300, -0.0, 2**53, 2**63, 2**64, 10**30),
    *(float("nan"), float("inf"), "", "x", "5", "assistant", "user", "system", "<synthetic>"),
    *([], {}, [1], [{}], {"a": 1}, "\ud83d", "é", "\0", "x" * 200),
    *("2026-11-19T10:00:00Z", "2026-11-19T10:00:00", "2026-11-19 10:00", "20261119T100000Z"),
    *("2026-11-19", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2026-11-19T24:00:00Z"),
    *("2026-11-19T10:00:60Z", "2026-11-19T10:00:00.1234567+05:30"),
    *({"ephemeral_1h_input_tokens": 7, "ephemeral_5m_input_tokens": 3}, {"web_search_requests": 2}),
)
KEYS = (
    *("type", "message", "usage", "id", "model", "requestId", "sessionId", "uuid", "timestamp"),
    *("cwd", "isSidechain", "agentId", "forkedFrom", "isApiErrorMessage", "costUSD", "content"),
    *("input_tokens", "output_tokens", "cache_creation", "cache_creation_input_tokens"),
    *("cache_read_input_tokens", "server_tool_use", "speed", "service_tier", "toolUseResult"),
)
SETS = "message, request, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens"


def places(found, before=()):
    """The path of everything in a document."""
    listed = enumerate(found) if isinstance(found, list) else ()
    for key, value in found.items() if isinstance(found, dict) else listed:
        yield (*before, key)
        yield from places(value, (*before, key))


def mutated(chance, line):
    for _ in range(chance.randint(1, 3)):
        *way, last = chance.choice(list(places(line)) or [("type",)])
        inner = line
        for key in way:
            inner = inner[key]
        kind = chance.random()
        if kind < 0.6:
            inner[last] = copy.deepcopy(chance.choice(ODD))
        elif kind < 0.75:
            del inner[last]
        elif isinstance(inner, dict):
            inner[chance.choice(KEYS)] = copy.deepcopy(chance.choice(ODD))
    return line


def written(chance, number):
    """One line as bytes, most of them JSON."""
    parts = {"ephemeral_1h_input_tokens": chance.randint(0, 5), "ephemeral_5m_input_tokens": 3}
    line = said(
        f"m{number}",
        f"r{number}",
        chance.randint(0, 999),
        at=number,
        session=f"s{number % 5}",
        into=chance.randint(0, 99),
        write=chance.randint(5, 99),
        parts=parts,
        tools={"web_search_requests": chance.randint(0, 2)},
    )
    text = json.dumps(mutated(chance, line), ensure_ascii=chance.random() < 0.7)
    data = text.encode("utf-8", "surrogatepass")
    place, kind = chance.randrange(len(data)), chance.random()
    if kind < 0.03:
        data = data[:place] + bytes([chance.randrange(256)]) + data[place + 1 :]
    elif kind < 0.04:
        data = data[:place]
    elif kind < 0.05:
        data = data.replace(b'"usage":', b'"usage":7,"usage":')
    return data.replace(b"\n", b" ")


def plain(cell):
    """As a database holds it, and no longer than it keeps ids."""
    if isinstance(cell, str):
        return cell.encode("utf-8", "replace").decode()[:100]
    return None if cell is None else round(float(cell), 12)


@pytest.mark.parametrize("seed", range(3))
def test_every_answer_of_lines_with_anything_in_them(tmp_path, seed):
    chance = random.Random(seed)
    put(tmp_path, "p/s0.jsonl", b"\n".join(written(chance, number) for number in range(500)))
    assert refresh(find_places({"HOME": str(tmp_path)})).problem == ""
    sql = f"SELECT {SETS}, session, project, model, cost_usd FROM claude_context WHERE counted"
    found = Counter(tuple(map(plain, row)) for row in rows(tmp_path, sql))
    wanted = Counter(
        tuple(
            map(
                plain,
                (
                    *(one.key[:2]),
                    *one.tokens,
                    *(one.session, one.project, one.model, reference.cost(one)),
                ),
            )
        )
        for one in reference.answers(files(tmp_path))
    )
    assert found == wanted
    assert wanted.total() > 250
