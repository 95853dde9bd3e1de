"""Files made to exhaust: every one has an answer within bounded time and memory."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from hubctl.config.load import load
from hubctl.config.screen import MAX_BYTES
from hubctl.config.values import MAX_DEPTH, MAX_FINDINGS, MAX_NODES

BIG = MAX_BYTES - 100


def laughs(levels):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, levels)]
    return "\n".join(lines)


def deep_aliases(count):
    lines = [f"a0: &a0 {'[' * 50}{']' * 50}"]
    lines += [f"a{i}: &a{i} {'[' * 40}*a{i - 1}{']' * 40}" for i in range(1, count)]
    return "\n".join(lines)


def merge_chain(count):
    lines = ["a0: &a0 {x: 1}"]
    lines += [f"a{i}: &a{i} {{<<: [*a{i - 1}, *a{i - 1}], y{i}: 1}}" for i in range(1, count)]
    return "\n".join(lines)


# name, text, the rule it ends with ("" for none)
HOSTILE = [
    ("too large", "a" * (MAX_BYTES + 1), "too-large"),
    ("brackets", "a: " + "[" * BIG, "too-deep"),
    ("braces", "a: " + "{" * BIG, "too-deep"),
    ("bracket a line", "[\n" * (BIG // 2), "too-deep"),
    ("dashes", "- " * (BIG // 2), "too-deep"),
    ("question marks", "? " * (BIG // 2), "too-deep"),
    ("indentation", "".join(" " * i + "-\n" for i in range(1000)), "too-deep"),
    ("billion laughs", laughs(12), "too-many-values"),
    ("deep through aliases", deep_aliases(300), "too-deep"),
    ("merges of merges", merge_chain(60), "too-many-values"),
    ("recursion", "a: &a {b: &b [*a, *b]}", "alias"),
    ("tag without end", "a: " + "!" * BIG, "long-name"),
    ("anchor without end", "&" * BIG, "long-name"),
    ("tag handles", "".join(f"%TAG !a{i}! tag:x:\n" for i in range(100_000)), "tag"),
    ("documents", "---\n" * (BIG // 4), "several-documents"),
    ("tabs", "\t" * BIG, "tab"),
    ("zeros", "\x00" * BIG, "control-character"),
    ("digits", "a: " + "9" * BIG, "number"),
    ("key without end", "x" * BIG + ": 1", "syntax"),
    ("comments", "#\n" * (BIG // 2), "empty"),
    ("spaces", " " * BIG, "empty"),
    ("one long text", "a: '" + "x" * BIG + "'", ""),
]


@pytest.mark.parametrize(("text", "rule"), [r[1:] for r in HOSTILE], ids=[r[0] for r in HOSTILE])
def test_hostile_files_have_an_answer_in_bounded_time(text, rule):
    data = text.encode()
    begin = time.process_time()
    findings = load(data, file="c.yaml").findings
    assert time.process_time() - begin < 20  # bounded, on any machine
    assert [f.rule for f in findings][-1:] == ([f"canonical/{rule}"] if rule else [])
    assert len(findings) <= MAX_FINDINGS


@pytest.mark.parametrize("name", ["billion laughs", "deep through aliases", "merges of merges"])
def test_aliases_cost_no_memory(name):
    text = next(row[1] for row in HOSTILE if row[0] == name)
    load(b"a: 1\n", file="c.yaml")  # imports
    tracemalloc.start()
    try:
        load(text.encode(), file="c.yaml")
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


SMALL = ["brackets", "dashes", "billion laughs", "deep through aliases", "tag without end", "tabs"]


@pytest.mark.parametrize("name", SMALL)
def test_the_parser_in_python_gives_the_same_answer(name):
    _, text, rule = next(row for row in HOSTILE if row[0] == name)
    (finding,) = load(text.encode(), file="c.yaml", pure=True).findings
    assert finding.rule == f"canonical/{rule}"


def nested(levels):
    return ("a: " + "[" * (levels - 1) + "]" * (levels - 1)).encode()


def test_the_limit_of_depth_is_exact_and_named():
    assert load(nested(MAX_DEPTH), file="c.yaml").usable()
    (finding,) = load(nested(MAX_DEPTH + 1), file="c.yaml").findings
    assert (finding.rule, str(finding.location)) == ("canonical/too-deep", "c.yaml:1:103")
    assert str(MAX_DEPTH) in finding.expected


def test_depth_counts_through_aliases():
    half = "[" * (MAX_DEPTH // 2) + "]" * (MAX_DEPTH // 2)
    holder = "[" * (MAX_DEPTH // 2 - 1)
    good = f"a: &a {half}\nb: {holder}*a{holder.replace('[', ']')}\n"
    assert load(good.encode(), file="c.yaml").usable()
    bad = f"a: &a {half}\nb: [{holder}*a{holder.replace('[', ']')}]\n"
    (finding,) = load(bad.encode(), file="c.yaml").findings
    assert (finding.rule, finding.location.line) == ("canonical/too-deep", 2)


def test_the_limit_of_size_is_exact_and_named():
    data = b"a: 1\n#" + b"x" * (MAX_BYTES - 6)
    assert load(data, file="c.yaml").usable()
    (finding,) = load(data + b"x", file="c.yaml").findings
    assert finding.rule == "canonical/too-large"
    assert f"{MAX_BYTES:,}" in finding.expected


def test_the_limit_of_values_is_exact_and_named():
    fill = MAX_NODES - 3  # the mapping, the key, the list
    assert load(b"a: [" + b"1," * fill + b"]", file="c.yaml").usable()
    (finding,) = load(b"a: [" + b"1," * (fill + 1) + b"]", file="c.yaml").findings
    assert finding.rule == "canonical/too-many-values"
    assert f"{MAX_NODES:,}" in finding.expected
