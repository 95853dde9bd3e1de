"""The line protocol: whatever stands in a row, a reader of the format finds it again."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubctl.metrics.export.line_protocol import encode
from hubctl.metrics.schema import BOOLEAN, DOUBLE, LONG, SYMBOL, TEXT, TIME, schema

EVENTS = schema().table("claude_events")
NOON = 1_772_625_600_000_000
MOST = 2**63 - 1


def parsed(line):
    """One line read by the rules of the format: name, tags, fields, time."""
    parts, at = [[""]], 0
    quoted = False
    while at < len(line):
        mark = line[at]
        if mark == "\\":
            parts[-1][-1] += line[at : at + 2]
            at += 2
            continue
        # Quotes mean something around the text of a field alone.
        quoted = quoted != (mark == '"' and len(parts) == 2)
        if mark == " " and not quoted:
            parts.append([""])
        elif mark == "," and not quoted:
            parts[-1].append("")
        else:
            parts[-1][-1] += mark
        at += 1
    assert not quoted
    (name, *tags), fields, [time] = parts
    return name, dict(map(pair, tags)), dict(map(pair, fields)), int(time)


def pair(text):
    key, _, value = text.partition("=")
    plain, at = "", 0
    while at < len(value):
        at += value[at] == "\\"
        plain += value[at]
        at += 1
    return key, plain


def lines(data):
    """Lines of an export; a newline inside a value has a backslash before it."""
    found, start, at, text = [], 0, 0, data.decode()
    while at < len(text):
        at += 1 + (text[at] == "\\")
        if text[at - 1] == "\n" and text[at - 2] != "\\":
            found.append(text[start : at - 1])
            start = at
    return found


VALUES = {
    SYMBOL: st.none() | st.text(),
    TEXT: st.none() | st.text(),
    TIME: st.none() | st.integers(),
    LONG: st.none() | st.integers() | st.floats(),
    DOUBLE: st.none() | st.floats() | st.integers(),
    BOOLEAN: st.none() | st.booleans(),
}


@settings(max_examples=150, deadline=None)
@given(data=st.data(), table=st.sampled_from(schema().tables))
def test_any_row_is_one_line_that_reads_back(data, table):
    row = [data.draw(VALUES[column.type]) for column in table.columns]
    row[0] = data.draw(st.integers(0, 2**52))
    made = encode(table, [row], "my machine, it's = \U0001f600")
    found = [line for line in lines(made) if line]
    told = [cell for cell, column in zip(row, table.columns, strict=True) if column.type != SYMBOL]
    if not found:
        assert len([cell for cell in told[1:] if cell is not None]) <= len(told)
        return
    [line] = found
    name, tags, fields, time = parsed(line)
    assert (name, tags["machine"]) == (table.name, "my machine, it's = \U0001f600")
    assert time == row[0] * 1000
    for column, cell in list(zip(table.columns, row, strict=True))[1:]:
        place = tags if column.type == SYMBOL else fields
        if column.type in (SYMBOL, TEXT) and cell:
            assert place[column.name].strip('"' if column.type == TEXT else "") == clean(
                cell
            ).strip('"' if column.type == TEXT else "")
        if column.type == DOUBLE and isinstance(cell, float) and not math.isfinite(cell):
            assert column.name not in place
        if column.type == LONG and isinstance(cell, int) and abs(cell) > MOST:
            assert column.name not in place


def clean(text):
    return (
        text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (float("nan"), None),
        (float("inf"), None),
        (10**400, None),
        (-0.0, "-0.0"),
        (5, "5.0"),
        (1e-320, "1e-320"),
        (0.1 + 0.2, "0.30000000000000004"),
    ],
)
def test_numbers(value, text):
    row = EVENTS.row({"time": NOON, "source": "x", "event": "e", "kind": "k", "value": value})
    _, _, fields, _ = parsed(encode(EVENTS, [row], "m").decode().rstrip("\n"))
    assert fields.get("value") == text


@pytest.mark.parametrize("time", [None, 2**62, -(2**62), 1.5, "now"])
def test_a_time_that_nobody_can_hold_has_no_line(time):
    row = list(EVENTS.row({"source": "x", "event": "e", "kind": "k"}))
    row[0] = time
    assert encode(EVENTS, [row], "m") == b""


def test_a_line_to_look_at():
    row = EVENTS.row(
        {
            "time": NOON,
            "source": "spool",
            "session": 'a "b"\\\nc',
            "project": "/home/my code,x=y",
            "event": "e",
            "kind": "commit",
            "value": 1.5,
        }
    )
    assert encode(EVENTS, [row], "m").decode() == (
        "claude_events,machine=m,source=spool,project=/home/my\\ code\\,x\\=y,kind=commit"
        ",severity=info"
        ' counted=t,session="a \\"b\\"\\\\\\\nc",event="e",value=1.5 1772625600000000000\n'
    )
