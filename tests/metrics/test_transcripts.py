"""Transcripts: totals equal a slow, plain reading, however files grow, shrink, copy or break."""

from __future__ import annotations

import json
import os

import pytest

from hubctl.metrics.refresh import refresh
from hubctl.system import transcripts as door
from hubctl.system.places import find_places
from tests.metrics.reading import files, put, read, rows
from tests.metrics.reference import totals
from tests.metrics.sessions import (
    MODEL,
    answer_line,
    call_lines,
    envelope,
    result_line,
    usage,
    write_session,
)


def text(*lines):
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


A = answer_line("s1", "m1", "r1", output=5)
B = answer_line("s1", "m2", "r2", output=7, seconds=1)
SIDE = answer_line("s1", "m1", "r9", output=50, isSidechain=True)
HAND_MADE = {
    "one answer in three lines": ({"p/s1.jsonl": text(A, A, A)}, 1, 5),
    "a later snapshot": (
        {"p/s1.jsonl": text(A, answer_line("s1", "m1", "r1", output=9, seconds=2))},
        1,
        9,
    ),
    "a last snapshot with less": (
        {"p/s1.jsonl": text(answer_line("s1", "m1", "r1", output=9), A)},
        1,
        5,
    ),
    "spaces, CRLF, BOM and empty lines": (
        {
            "p/s1.jsonl": b"\xef\xbb\xbf"
            + json.dumps(A, indent=None, separators=(" , ", " : ")).encode()
            + b"\r\n\r\n  "
            + json.dumps(B).encode()
            + b"\r\n"
        },
        2,
        12,
    ),
    "a torn last line": ({"p/s1.jsonl": text(A) + text(B)[:-40]}, 1, 5),
    "a last line without an end": ({"p/s1.jsonl": text(A, B)[:-1]}, 2, 12),
    "a torn line in the middle": ({"p/s1.jsonl": text(A)[:-30] + b"\n" + text(B)}, 1, 7),
    "bytes that are no text": ({"p/s1.jsonl": b"\xff\xfe\x00\n" + text(A)}, 1, 5),
    "a resumed session that copies": ({"p/s1.jsonl": text(A), "p/s2.jsonl": text(A, B)}, 2, 12),
    "a branched session": (
        {
            "p/s2.jsonl": text({**A, "sessionId": "s2"}),
            "p/s0.jsonl": text({**A, "sessionId": "s0", "forkedFrom": {"sessionId": "s2"}}),
        },
        1,
        5,
    ),
    "a replay in a side conversation": ({"p/s1.jsonl": text(SIDE, A)}, 1, 5),
    "a replay in a subagent's file": (
        {"p/s1.jsonl": text(A), "p/s1/subagents/agent-a1.jsonl": text(SIDE)},
        1,
        5,
    ),
    "a subagent of its own": (
        {
            "p/s1.jsonl": text(A),
            "p/s1/subagents/agent-a1.jsonl": text(
                answer_line("s1", "m5", "r5", output=3, isSidechain=True, agentId="a1")
            ),
        },
        2,
        8,
    ),
    "one message, two requests": (
        {"p/s1.jsonl": text(A, answer_line("s1", "m1", "r2", output=6))},
        2,
        11,
    ),
    "an error and a made-up answer": (
        {
            "p/s1.jsonl": text(
                A,
                answer_line("s1", "m7", "r7", isApiErrorMessage=True),
                answer_line("s1", "m8", "r8", model="<synthetic>"),
            )
        },
        1,
        5,
    ),
    "usage where it is none of an answer": (
        {
            "p/s1.jsonl": text(
                {**envelope("s1"), "type": "user", "message": {"usage": usage(9)}},
                {**envelope("s1"), "type": "progress", "message": {"usage": usage(9)}},
                {**A, "message": {**A["message"], "usage": None}},
                B,
            )
        },
        1,
        7,
    ),
    "numbers that are none": (
        {
            "p/s1.jsonl": text(
                answer_line("s1", "m1", "r1", usage=usage(True, into=-4, read=2**70, write=1.5))
            )
        },
        1,
        0,
    ),
    "other lines, other types": (
        {"p/s1.jsonl": b'[1]\n"user"\nnull\n{"type": "assistant"}\n{"type": 5}\n' + text(A)},
        1,
        5,
    ),
}


@pytest.mark.parametrize("case", HAND_MADE)
def test_hand_made_cases(tmp_path, case):
    made, answers, output = HAND_MADE[case]
    for name, data in made.items():
        put(tmp_path, name, data)
    found = read(tmp_path)
    assert (found[0], found[2]) == (answers, output)
    assert found == totals(files(tmp_path))


def test_nesting_beyond_measure_is_passed_over(tmp_path):
    deep = b'{"type": "assistant", "x": ' + b"[" * 200_000
    put(tmp_path, "p/s1.jsonl", deep + b"\n" + text(A))
    assert read(tmp_path) == totals(files(tmp_path))


@pytest.mark.parametrize("size", [1 << 20, (2 << 20) + 1, 5 << 20])
def test_lines_longer_than_a_chunk(tmp_path, size):
    long = result_line("s1", "t1", text="x" * size)
    put(tmp_path, "p/s1.jsonl", text(A, long, B))
    assert read(tmp_path)[0] == 2


def test_a_line_beyond_the_limit_is_passed_over(tmp_path, monkeypatch):
    monkeypatch.setattr(door, "LONGEST_LINE", 1 << 20)
    monkeypatch.setattr(door, "_CHUNK", 1 << 18)
    put(tmp_path, "p/s1.jsonl", text(A, result_line("s1", "t1", text="x" * (3 << 20)), B))
    assert read(tmp_path)[0] == 2
    assert read(tmp_path)[0] == 2


def test_a_file_that_grows_is_read_on(tmp_path):
    path = put(tmp_path, "p/s1.jsonl", text(A))
    assert read(tmp_path)[0] == 1
    with path.open("ab") as file:
        file.write(text(B)[:-20])
    assert read(tmp_path)[0] == 1
    with path.open("ab") as file:
        file.write(text(B)[-20:])
    assert read(tmp_path)[0] == 2


@pytest.mark.parametrize(
    "data", [text(B), text(B, B, B, B), text(B, A), b""], ids=["less", "more", "other", "nothing"]
)
def test_a_file_that_is_replaced_is_read_anew(tmp_path, data):
    path = put(tmp_path, "p/s1.jsonl", text(A, A))
    read(tmp_path)
    path.unlink()
    put(tmp_path, "p/s1.jsonl", data)
    assert read(tmp_path)[0] == (2 if data else 1)  # what was read before stays


def test_a_file_cut_and_written_on_is_read_anew(tmp_path):
    path = put(tmp_path, "p/s1.jsonl", text(A, B))
    read(tmp_path)
    with path.open("r+b") as file:
        file.truncate(len(text(A)))
        file.seek(0, os.SEEK_END)
        file.write(text(*(answer_line("s1", f"n{n}", "r", seconds=n) for n in range(4))))
    assert read(tmp_path)[0] == 6


def test_what_is_gone_from_disk_is_still_known(tmp_path):
    path = put(tmp_path, "p/s1.jsonl", text(A, B))
    before = read(tmp_path)
    path.unlink()
    assert read(tmp_path) == before
    assert rows(tmp_path, "SELECT count(*) FROM cursors") == [(0,)]


def test_the_order_of_reading_does_not_matter(tmp_path):
    world = {
        "p/s2.jsonl": text({**A, "sessionId": "s2"}, SIDE),
        "p/s1.jsonl": text(A),
        "p/s3.jsonl": text({**A, "sessionId": "s3", "forkedFrom": {}}, B),
    }
    seen = set()
    for number, names in enumerate((sorted(world), sorted(world, reverse=True))):
        home = tmp_path / str(number)
        for name in names:
            put(home, name, world[name])
            read(home)
        found = rows(home, "SELECT response, session, output_tokens, counted FROM claude_context")
        seen.add(tuple(sorted(found)))
    assert len(seen) == 1


def test_calls_with_their_results(tmp_path):
    lines = [
        *call_lines("s1", "t1", "Bash", seconds=0, took=3),
        *call_lines("s1", "t2", "Edit", ok=False, seconds=10, took=1),
        *call_lines("s1", "t3", "Skill", seconds=20, given={"skill": "tdd", "args": "a text"}),
        call_lines("s1", "t4", "Read", seconds=30)[0],
    ]
    write_session(tmp_path, "s1", lines)
    read(tmp_path)
    found = rows(
        tmp_path,
        "SELECT call, tool, subject, success, error, duration_ms FROM claude_tool_usage"
        " ORDER BY call",
    )
    assert found == [
        ("t1", "Bash", "", 1, None, 3000.0),
        ("t2", "Edit", "", 0, "error", 1000.0),
        ("t3", "Skill", "tdd", 1, None, 2000.0),
        ("t4", "Read", "", None, None, None),
    ]


def test_a_result_that_comes_in_a_later_reading(tmp_path):
    asked, done = call_lines("s1", "t1", "Bash", took=4)
    path = write_session(tmp_path, "s1", [asked])
    read(tmp_path)
    with path.open("a") as file:
        file.write(json.dumps(done) + "\n")
    read(tmp_path)
    assert rows(tmp_path, "SELECT success, duration_ms FROM claude_tool_usage") == [(1, 4000.0)]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("The user doesn't want to proceed with this tool use.", "rejected"),
        ("[Request interrupted by user for tool use]", "interrupted"),
        ("PreToolUse:Bash hook error: no", "blocked"),
        ("Exit code 3", "error"),
    ],
)
def test_why_a_call_failed(tmp_path, words, kind):
    asked, _ = call_lines("s1", "t1", "Bash")
    write_session(tmp_path, "s1", [asked, result_line("s1", "t1", ok=False, text=words)])
    read(tmp_path)
    assert rows(tmp_path, "SELECT error FROM claude_tool_usage") == [(kind,)]


def test_an_agent_with_its_work(tmp_path):
    asked, done = call_lines("s1", "t1", "Agent", took=60, given={"subagent_type": "Explore"})
    done["toolUseResult"] = {"status": "completed", "agentId": "a1", "totalDurationMs": 59000}
    write_session(tmp_path, "s1", [asked, done])
    inner = [
        answer_line("s1", "m1", "r1", output=5, seconds=10, isSidechain=True, agentId="a1"),
        *call_lines("s1", "t2", "Grep", seconds=11),
    ]
    inner[1].update(isSidechain=True, agentId="a1")
    write_session(tmp_path, "agent-a1", inner, "-home-dev-project/s1/subagents")
    read(tmp_path)
    found = rows(
        tmp_path,
        "SELECT agent, kind, success, duration_ms, requests, tool_calls, output_tokens, model"
        " FROM claude_agents",
    )
    assert found == [("a1", "Explore", 1, 59000.0, 1, 1, 5, MODEL)]
    assert rows(tmp_path, "SELECT agents, agent_tokens FROM claude_sessions") == [(1, 6)]


@pytest.mark.parametrize("side_first", [True, False])
def test_an_answer_of_the_main_conversation_is_no_agents_because_one_repeats_it(
    tmp_path, side_first
):
    names = ("p/s1/subagents/agent-a1.jsonl", "p/s1.jsonl")
    for name in names if side_first else names[::-1]:
        inside = {"isSidechain": True, "agentId": "a1"} if "agent" in name else {}
        put(tmp_path, name, text({**A, **inside}))
        read(tmp_path)
    found = rows(tmp_path, "SELECT agent, sidechain FROM claude_context WHERE counted")
    assert found == [("", 0)]


def test_a_session_with_prompts_compactions_and_errors(tmp_path):
    prompt = {**envelope("s1"), "type": "user", "message": {"role": "user", "content": "a secret"}}
    boundary = {
        **envelope("s1", 30),
        "type": "system",
        "subtype": "compact_boundary",
        "compactMetadata": {"trigger": "auto", "preTokens": 150_000},
    }
    lines = [
        {**prompt, "promptId": "p1"},
        {**prompt, "promptId": "p1", "isMeta": True, "uuid": "u2"},
        A,
        boundary,
        {**prompt, "uuid": "u3", "isCompactSummary": True},
        answer_line("s1", "m9", "r9", seconds=40, isApiErrorMessage=True),
        answer_line("s1", "m3", "r3", seconds=1000),
    ]
    write_session(tmp_path, "s1", lines)
    read(tmp_path)
    found = rows(
        tmp_path,
        "SELECT prompts, compactions, errors, duration_ms, active_ms, branch, version, project"
        " FROM claude_sessions",
    )
    assert found == [(1, 1, 1, 1_000_000.0, 40_000.0, "main", "2.1.328", "/home/dev/project")]


def test_tasks(tmp_path):
    asked, done = call_lines("s1", "t1", "TaskCreate", seconds=0)
    done["toolUseResult"] = {"task": {"id": "1", "subject": "a text"}}
    work = call_lines(
        "s1", "t2", "TaskUpdate", seconds=5, given={"taskId": "1", "status": "in_progress"}
    )
    end = call_lines(
        "s1", "t3", "TaskUpdate", seconds=65, given={"taskId": "1", "status": "completed"}
    )
    write_session(tmp_path, "s1", [asked, done, *work, *end])
    read(tmp_path)
    assert rows(tmp_path, "SELECT task, status, duration_ms FROM claude_tasks") == [
        ("1", "completed", 63_000.0)
    ]


def test_no_text_is_kept(tmp_path):
    marker = "x-marks-the-spot"
    lines = [
        {**envelope("s1"), "type": "user", "message": {"content": marker}},
        answer_line("s1", "m1", "r1", content=[{"type": "text", "text": marker}]),
        *call_lines("s1", "t1", "Bash", given={"command": marker}),
        result_line("s1", "t1", ok=False, text=marker, toolUseResult={"stdout": marker}),
        {**envelope("s1"), "type": "summary", "summary": marker},
    ]
    write_session(tmp_path, "s1", lines)
    read(tmp_path)
    for path in (tmp_path / ".local").rglob("*"):
        assert path.is_dir() or marker.encode() not in path.read_bytes()


def test_prices_that_change_change_costs(tmp_path):
    from hubctl.metrics.refresh import Wanted

    write_session(tmp_path, "s1", [answer_line("s1", "m1", "r1", output=1000, model="house-model")])
    read(tmp_path)
    cost = "SELECT c.cost_usd, s.cost_usd, s.unpriced FROM claude_context c, claude_sessions s"
    assert rows(tmp_path, cost) == [(None, None, 1)]
    assert rows(tmp_path, "SELECT window_tokens, percent FROM claude_context") == [(None, None)]
    known = Wanted(prices={"house-model": {"input": 0, "output": 3, "window": 10_000}})
    assert not refresh(find_places({"HOME": str(tmp_path)}), known).problem
    assert rows(tmp_path, cost) == [(0.003, 0.003, 0)]
    assert rows(tmp_path, "SELECT window_tokens, percent FROM claude_context") == [(10_000, 10.01)]
