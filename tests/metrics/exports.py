"""Exports as the client writes them, and fifty clients that send them at once."""

from __future__ import annotations

import asyncio
import json
from collections import Counter

from tests.metrics.sessions import MODEL, NOON

NANO = int(NOON.timestamp()) * 10**9
JSON = {"Content-Type": "application/json"}
# What every record of the client carries besides.
ABOUT = {
    "user.id": "0" * 64,
    "organization.id": "3b0a5c1e-0000-4000-8000-000000000000",
    "user.email": "a@b.example",
    "user.account_uuid": "7c9e6679-0000-4000-8000-000000000000",
    "terminal.type": "xterm-256color",
    "anthropic.provider": "firstParty",
    "event.timestamp": "2026-03-04T12:00:00.000Z",
    "prompt.id": "4488da32-2801-43fc-8877-f6f2c2f8213e",
}


def value(found):
    if isinstance(found, bool):
        return {"boolValue": found}
    if isinstance(found, int):
        return {"intValue": str(found)}
    return {"doubleValue": found} if isinstance(found, float) else {"stringValue": str(found)}


def attributes(facts):
    return [{"key": key, "value": value(found)} for key, found in facts.items()]


def logs(*events, session="s1", first=0):
    """An export of events, as the client's exporter writes it."""
    records = []
    for number, (name, facts) in enumerate(events, first):
        told = {"session.id": session, "event.name": name, "event.sequence": number}
        told = {**ABOUT, **told, **facts}
        body = {"stringValue": f"claude_code.{name}"}
        records.append(
            {"timeUnixNano": str(NANO + number), "body": body, "attributes": attributes(told)}
        )
    scope = {"scope": {"name": "com.anthropic.claude_code.events"}, "logRecords": records}
    return {"resourceLogs": [{"resource": {"attributes": []}, "scopeLogs": [scope]}]}


def request_event(number, **more):
    facts = {"model": MODEL, "input_tokens": 10, "output_tokens": 5, "cost_usd": 0.25}
    return "api_request", {**facts, "request_id": f"r{number}", "duration_ms": 70, **more}


def tool_event(number, **more):
    facts = {"tool_name": "Bash", "success": "true", "duration_ms": "9"}
    return "tool_result", {**facts, "tool_use_id": f"t{number}", **more}


def points(name, *found, temporality=1):
    data = [
        {
            "attributes": attributes({"session.id": "s1", **facts}),
            "asDouble": number,
            "timeUnixNano": str(NANO),
        }
        for facts, number in found
    ]
    metric = {"name": name, "sum": {"aggregationTemporality": temporality, "dataPoints": data}}
    return {"resourceMetrics": [{"scopeMetrics": [{"metrics": [metric]}]}]}


def busy(client, post, events):
    """One post of a busy session, as bytes: half answers, half calls, none twice."""
    names = [f"{client}-{post}-{number}" for number in range(events // 2)]
    told = [event for name in names for event in (request_event(name), tool_event(name))]
    return json.dumps(logs(*told, session=f"s{client}", first=post * events)).encode()


async def send(port, bodies, every, answers):
    """One client: its posts on one connection, `every` so many seconds; a 503 is sent again."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    clock = asyncio.get_running_loop().time
    due = clock()
    for body in bodies:
        await asyncio.sleep(max(0.0, due - clock()))
        due += every
        status = 503
        while status == 503:
            head = (
                f"POST /v1/logs HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            writer.write(head.encode() + body)
            status, keeps = await _answer(reader)
            answers[status] += 1
            if not keeps:
                answers["connected anew"] += 1
                writer.close()
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()


async def _answer(reader):
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
    await reader.readexactly(length)
    return int(head.split()[1]), "connection: keep-alive" in head


def send_all(port, bodies, every=0.0, seconds=120):
    """All clients at once; how often each status was answered."""
    answers = Counter()

    async def together():
        async with asyncio.timeout(seconds):
            await asyncio.gather(*(send(port, mine, every, answers) for mine in bodies))

    asyncio.run(together())
    return answers
