"""Transcripts of several files by hand: copies, side conversations, names of files."""

from __future__ import annotations

from tests.metrics.written import Case, said, text

FIVE = said(out=5)
SEVEN = said("@m2", "@r2", 7, at=1)
SIDE = said("@m1", "@r9", 50, isSidechain=True)
OWN = said("@m5", "@r5", 3, isSidechain=True, agentId="a1")
AGENT = "p@/@s1/subagents/agent-a1.jsonl"


def of(session, line, **more):
    return {**line, "sessionId": session, **more}


CASES = {
    "two sessions": Case(
        {"p@/@s1.jsonl": text(FIVE), "p@/@s2.jsonl": text(of("@s2", SEVEN))}, (2, 0, 12, 0, 0)
    ),
    "resumed, the lines copied": Case(
        {"p@/@s1.jsonl": text(FIVE), "p@/@s2.jsonl": text(FIVE, of("@s2", SEVEN))}, (2, 0, 12, 0, 0)
    ),
    "resumed, the copies under the new name": Case(
        {"p@/@s1.jsonl": text(FIVE), "p@/@s2.jsonl": text(of("@s2", FIVE), of("@s2", SEVEN))},
        (2, 0, 12, 0, 0),
    ),
    "branched": Case(
        {
            "p@/@s2.jsonl": text(of("@s2", FIVE)),
            "p@/@s0.jsonl": text(
                of("@s0", FIVE, forkedFrom={"sessionId": "@s2"}), of("@s0", SEVEN)
            ),
        },
        (2, 0, 12, 0, 0),
    ),
    "branched twice, the original gone": Case(
        {
            f"p@/@s{n}.jsonl": text(of(f"@s{n}", FIVE, forkedFrom={"sessionId": "@s9"}))
            for n in (1, 2)
        },
        (1, 0, 5, 0, 0),
    ),
    "copied before the answer was whole": Case(
        {
            "p@/@s2.jsonl": text(of("@s2", said(out=3)), of("@s2", said(out=90, at=2))),
            "p@/@s1.jsonl": text(of("@s1", said(out=3))),
        },
        (1, 0, 90, 0, 0),
    ),
    "whole in the session that goes on": Case(
        {"p@/@s1.jsonl": text(said(out=3)), "p@/@s2.jsonl": text(of("@s2", said(out=90, at=2)))},
        (1, 0, 90, 0, 0),
    ),
    "whole in a branch": Case(
        {
            "p@/@s1.jsonl": text(said(out=3)),
            "p@/@s2.jsonl": text(of("@s2", said(out=90, at=2), forkedFrom={"sessionId": "@s1"})),
        },
        (1, 0, 90, 0, 0),
    ),
    "copied before the answer was whole, under the old name": Case(
        {
            "p@/@s1.jsonl": text(said(out=3), said(out=90, at=2)),
            "p@/@s2.jsonl": text(said(out=3), of("@s2", SEVEN)),
        },
        (2, 0, 97, 0, 0),
    ),
    "copied into another project": Case(
        {"p@/@s1.jsonl": text(FIVE, SEVEN), "q@/@s1.jsonl": text(FIVE)}, (2, 0, 12, 0, 0)
    ),
    "one session in two files": Case(
        {"p@/@s1.jsonl": text(FIVE), "p@/@s2.jsonl": text(SEVEN)}, (2, 0, 12, 0, 0)
    ),
    "a side conversation of its own": Case(
        {"p@/@s1.jsonl": text(FIVE), AGENT: text(OWN)}, (2, 0, 8, 0, 0)
    ),
    "a replay in a side conversation": Case({"p@/@s1.jsonl": text(SIDE, FIVE)}, (1, 0, 5, 0, 0)),
    "a replay in a subagent's file": Case(
        {"p@/@s1.jsonl": text(FIVE), AGENT: text(SIDE, OWN)}, (2, 0, 8, 0, 0)
    ),
    "a replay of what is gone": Case({AGENT: text(SIDE, OWN)}, (2, 0, 53, 0, 0)),
    "the same answer outside and inside": Case(
        {"p@/@s1.jsonl": text(FIVE), AGENT: text({**FIVE, "isSidechain": True, "agentId": "a1"})},
        (1, 0, 5, 0, 0),
    ),
    "subagents below subagents": Case(
        {
            "p@/@s1/subagents/deeper/agent-a2.jsonl": text(OWN),
            "p@/@s1/subagents/agent-a1.jsonl": text(said("@m6", "@r6", 2, isSidechain=True)),
        },
        (2, 0, 5, 0, 0),
    ),
    "subagents of old clients, beside the session": Case(
        {"p@/@s1.jsonl": text(FIVE), "p@/agent-@a1.jsonl": text(OWN)}, (2, 0, 8, 0, 0)
    ),
    "names of folders": Case(
        {
            "-home-dev-it-s  odd 'x' \" \\ $HOME @/@s1.jsonl": text(FIVE),
            "-日本-🙂-@/@s2.jsonl": text(of("@s2", SEVEN)),
        },
        (2, 0, 12, 0, 0),
    ),
    "a transcript beside the projects": Case({"@s1.jsonl": text(FIVE)}, (1, 0, 5, 0, 0)),
    "files that are no transcripts": Case(
        {
            "p@/@s1.jsonl": text(FIVE),
            "p@/@s1.jsonl.bak": text(SEVEN),
            "p@/@s1.json": text(SEVEN),
            "p@/memory/notes.md": b"usage",
            "p@/@s1/tool-results/x.txt": text(SEVEN),
        },
        (1, 0, 5, 0, 0),
    ),
    "a file of nothing but dots": Case({"p@/.jsonl": text(FIVE)}, (1, 0, 5, 0, 0)),
}
