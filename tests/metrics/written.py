"""Words for transcripts that are written by hand, and what somebody counted that they come to.

`@` in ids and names stands for the case, so that many cases can live in one home.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from tests.metrics.sessions import envelope

SONNET = "claude-sonnet-4-6"  # 3 in, 15 out, 0.30 read, 3.75 and 6 written


class Case(NamedTuple):
    """Files, and what they come to.

    files: name below `projects` → bytes. sums: answers, input, output, cache read, cache write.
    cost: dollars, "" where it does not matter. unpriced: answers without a known price.
    """

    files: dict
    sums: tuple
    cost: str = ""
    unpriced: int = 0

    def placed(self, mark):
        """Its files where `@` is something else."""
        return {
            name.replace("@", mark): data.replace(b"@", mark.encode())
            for name, data in self.files.items()
        }


def said(message="@m1", request="@r1", out=1, *, at=0, session="@s1", model=SONNET, **more):
    """One line of an answer; `usage` instead of `out` and the other tokens."""
    told = {"input_tokens": 0, "output_tokens": out}
    for key, name in _TOKENS.items():
        if key in more:
            told[name] = more.pop(key)
    usage = more.pop("usage", told)
    return {
        **envelope(session, at),
        "uuid": f"{session}-{message}-{request}-{at}",
        "type": "assistant",
        "requestId": request,
        "message": {
            "id": message,
            "role": "assistant",
            "model": model,
            "content": [{"type": "text", "text": 'he said "usage": {}'}],
            "usage": usage,
        },
        **more,
    }


_TOKENS = {
    "into": "input_tokens",
    "read": "cache_read_input_tokens",
    "write": "cache_creation_input_tokens",
    "parts": "cache_creation",
    "tools": "server_tool_use",
    "speed": "speed",
    "tier": "service_tier",
}


def without(line, *path):
    """The line without what stands at a path of keys."""
    made = json.loads(json.dumps(line))
    inner = made
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    return made


def text(*lines, end="\n", **how):
    """Lines as the client writes them; `how` goes to json.dumps."""
    return "".join(json.dumps(line, **how) + end for line in lines).encode("utf-8", "surrogatepass")


def one(*lines, **how):
    """A single transcript of these lines."""
    return {"p@/@s1.jsonl": text(*lines, **how)}


def raw(*parts):
    """A single transcript of these bytes."""
    return {"p@/@s1.jsonl": b"".join(parts)}


def number(value):
    """An answer whose output is this, whatever it is."""
    return one(said(out=value))
