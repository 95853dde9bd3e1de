"""Lines of transcripts: typed decoding and plain decoding say the same of every line."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubctl.metrics.prices import shipped_prices
from hubctl.metrics.schema import schema
from hubctl.metrics.sources import transcript_lines
from hubctl.metrics.sources.answers import ANSWER_COLUMNS, answer_rows
from hubctl.metrics.sources.transcript_lines import CALL_COLUMNS, HEAD_COLUMNS, Gathered, Lines
from hubctl.metrics.sources.transcript_shapes import Line, decode, odd_line
from hubctl.metrics.sources.transcript_values import moment_of, time_of
from tests.metrics.sessions import answer_line, call_lines, envelope, usage


def refuse(_):
    raise UnicodeDecodeError("utf-8", b"", 0, 1, "no")


def said(data):
    """Everything that lines say, as rows."""
    found, lines = Gathered(), Lines("p/s1.jsonl", "", 0)
    lines.read(data, found, 0)
    answers = list(answer_rows(found.answers, shipped_prices()))
    lists = (found.finished, found.events, found.agents, found.tasks, found.sessions)
    return (answers, found.calls, *lists, found.count, lines.project, lines.time)


def both(data, monkeypatch):
    """What typed and what plain decoding say."""
    typed = said(data)
    with monkeypatch.context() as patch:
        patch.setattr(transcript_lines, "decode", refuse)
        return typed, said(data)


ODD = st.sampled_from(
    [
        *(
            None,
            True,
            False,
            0,
            5,
            -1,
            2**53,
            2**70,
            1.5,
            12.0,
            -2.5,
            1e300,
            "",
            "x" * 121,
            "ü" * 200,
        ),
        *("\ud800", [], [1], ["x"], {}, {"a": 1}, "completed", "2026-11-02T10:00:00Z"),
    ]
)
_CALL, _RESULT = call_lines("s1", "t1", "Agent", given={"subagent_type": "Explore"})
_RESULT["toolUseResult"] = {"agentId": "a1", "totalDurationMs": 5, "task": {"id": "1"}}
_ANSWER = answer_line("s1", "m1", "r1", usage=usage(5, server_tool_use={"web_search_requests": 1}))
_ANSWER["costUSD"] = 0.25
_ANSWER["message"]["content"] += [{"type": "tool_use", "name": "TaskUpdate", "id": "t2"}]
_ANSWER["message"]["content"][-1]["input"] = {"taskId": "1", "status": "completed"}
_SMALLER = {
    **envelope("s1"),
    "type": "system",
    "subtype": "compact_boundary",
    "compactMetadata": {"trigger": "auto", "preTokens": 9},
}
_PROMPT = {**envelope("s1"), "type": "user", "message": {"content": "words"}, "promptId": "p1"}
_FAILED = answer_line("s1", "m1", "r1", isApiErrorMessage=True, error="overloaded")


def spoiled(document, path, value):
    """A copy in which the field at one of all paths has another value."""
    made = json.loads(json.dumps(document))
    places = list(_places(made))
    holder, key = places[path % len(places)]
    holder[key] = value
    return made


def _places(found):
    for key, value in found.items() if isinstance(found, dict) else enumerate(found):
        yield found, key
        if isinstance(value, dict | list):
            yield from _places(value)


@settings(max_examples=100, deadline=None)
@given(
    base=st.sampled_from([_CALL, _RESULT, _ANSWER, _SMALLER, _PROMPT, _FAILED]),
    changes=st.lists(st.tuples(st.integers(0, 60), ODD), max_size=3),
)
def test_any_field_of_any_type_is_read_alike(base, changes):
    line = base
    for path, value in changes:
        line = spoiled(line, path, value)
    data = json.dumps(line).encode() + b"\n"
    with pytest.MonkeyPatch.context() as patch:
        typed, plain = both(data, patch)
    assert typed == plain


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (b'{"type": "user", "x": NaN}', "user"),
        (b'{"type": "user", "x": -Infinity, "y": 1e999}', "user"),
        (b'\xef\xbb\xbf  {"type": "user"}\r', "user"),
        (b'{"type": "user", "cwd": "\\ud800x"}', "user"),
        (b'{"type": "us\xffer"}', "us\ufffder"),
        (b'{"type": "user", "type": "system"}', "system"),
        (b'{"type": "user", "type": 5}', ""),
        (b'{"type": "user"', None),
        (b'{"type": "user"} {}', None),
        (b'{"type": "user", "x": "a\x00b"}', None),
        (b'{"type": "user", "x": 01}', None),
        (b'[{"type": "user"}]', None),
    ],
)
def test_what_is_no_plain_line(text, kind):
    try:
        found = decode(text)
    except transcript_lines.REFUSED:
        found = odd_line(text)
    assert (found and found.type) == kind
    plain = odd_line(text)
    assert (plain and plain.type) == kind


def test_what_is_refused_is_a_small_part(monkeypatch):
    """Lines as the client writes them are decoded in one go."""
    monkeypatch.setattr(transcript_lines, "odd_line", refuse)
    documents = (_CALL, _RESULT, _ANSWER, _SMALLER, _PROMPT, _FAILED)
    data = b"".join(json.dumps(one).encode() + b"\n" for one in documents)
    assert said(data)[-3] == len(documents)


def test_rows_that_are_made_as_tuples_have_the_order_of_their_tables():
    assert schema().table("claude_context").names == ANSWER_COLUMNS
    assert schema().table("claude_tool_usage").names == CALL_COLUMNS
    for table in schema().tables:
        assert table.names[: len(HEAD_COLUMNS)] == HEAD_COLUMNS


def test_a_line_says_nothing_by_itself():
    assert decode(b"{}") == Line()


@given(
    base=st.sampled_from(["2026-03-04T09:58:57.123Z", "2026-11-02T10:00:00.000Z"]),
    changes=st.lists(st.tuples(st.integers(0, 23), st.sampled_from("0159:-.TZ+ é")), max_size=2),
)
def test_a_time_is_the_same_read_quickly(base, changes):
    told = base
    for place, letter in changes:
        told = told[:place] + letter + told[place + 1 :]
    assert moment_of(told) == time_of(told)
