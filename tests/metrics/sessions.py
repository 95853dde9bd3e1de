"""Lines of transcripts as the client writes them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

# Not long ago: what is older than a table keeps would be gone at once.
NOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=2)
MODEL = "claude-opus-5-5"


def stamp(seconds):
    return (
        (NOON + timedelta(seconds=seconds))
        .isoformat(timespec="milliseconds")
        .replace("+00:00", "Z")
    )


def envelope(session, seconds=0, **more):
    return {
        "uuid": f"{session}-{seconds}-{len(more)}",
        "sessionId": session,
        "timestamp": stamp(seconds),
        "cwd": "/home/dev/project",
        "gitBranch": "main",
        "version": "2.1.328",
        "isSidechain": False,
        **more,
    }


def usage(output, into=1, read=0, write=0, hour=0, **more):
    return {
        "input_tokens": into,
        "output_tokens": output,
        "cache_read_input_tokens": read,
        "cache_creation_input_tokens": write,
        "cache_creation": {
            "ephemeral_5m_input_tokens": write - hour,
            "ephemeral_1h_input_tokens": hour,
        },
        "service_tier": "standard",
        **more,
    }


def answer_line(session, message, request, output=1, *, seconds=0, model=MODEL, content=(), **more):
    tokens = more.pop("usage", None) or usage(output)
    return {
        **envelope(session, seconds, **more),
        "type": "assistant",
        "requestId": request,
        "message": {
            "id": message,
            "role": "assistant",
            "model": model,
            "content": list(content) or [{"type": "text", "text": 'say "usage": {} \U0001f600'}],
            "usage": tokens,
        },
    }


def call_lines(session, call, tool, ok=True, *, seconds=0, took=2, given=None):
    """A call and its result, without usage."""
    asked = answer_line(session, f"m-{call}", f"r-{call}", seconds=seconds)
    asked["message"]["content"] = [
        {"type": "tool_use", "id": call, "name": tool, "input": given or {}}
    ]
    del asked["message"]["usage"]
    return [asked, result_line(session, call, ok, seconds + took)]


def result_line(session, call, ok=True, seconds=0, text="done", **more):
    return {
        **envelope(session, seconds, **more),
        "type": "user",
        "message": {
            "role": "user",
            "content": [
                {"tool_use_id": call, "type": "tool_result", "content": text, "is_error": not ok}
            ],
        },
    }


def write_session(home, name, lines, project="-home-dev-project"):
    path = home / ".claude/projects" / project / f"{name}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path
