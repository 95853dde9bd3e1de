"""Whatever a command looks like, the guards answer, and in time that grows with its length."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hooks_shared.safety.quick import is_plain
from tests.hooks.safety_case import hits, rows, verdict_of

SYNTAX = (
    "$", "$(", ")", "${", "}", "`", "'", '"', "\\", "\n", "<<E", "<<<", "<(", ">", ">>", "|", "||",
    "&", "&&", "{", "[[", "]]", "((", "))", ";", ";;", "*", "?", "[a-z]", "{a,b}", "~", "#", "!",
    "$'", "$((", "@(", "x=", "x=(", "$x", "\ue000", "\ud800", "é", "\0",
)  # fmt: skip
WORDS = (
    "rm -rf /", "git push -f", "echo", "if", "then", "fi", "for", "in", "do", "done", "case",
    "esac", "while", "f()", "eval", "sh -c", "bash", "sudo", "env", "xargs", "find . -exec",
    "python3 -c", "base64 -d", "cat", "E", "-", "--", "0",
)  # fmt: skip
PIECES = st.lists(st.sampled_from(SYNTAX + WORDS), max_size=40)
LINES = st.one_of(PIECES.map(" ".join), PIECES.map("".join))


@settings(max_examples=100, deadline=None)
@given(st.one_of(LINES, st.text(max_size=60)))
def test_no_line_raises(text: str) -> None:
    assert verdict_of(text) in ("deny", "ask", "none")


@settings(max_examples=100, deadline=None)
@given(LINES)
def test_the_quick_look_never_lets_a_hit_through(text: str) -> None:
    assert not (is_plain(text) and hits(text))


def test_the_quick_look_knows_no_dangerous_row() -> None:
    assert [row["command"] for row in rows("dangerous") if is_plain(row["command"])] == []
    assert is_plain("git status && ls -la src; pwd") and not is_plain("git push")


REPEATED = (
    "(", ")", "$(", "$((", "((", "{", "}", "{a,", "{a,b}", "`", "\\`", '"', "'", "$'", "${x:-",
    "${x", "<<A ", "<<A\n", "|", "& ", "; ", "\\", "\n", "a ", "a'b'", "if ", "# \n", "${x[", "[a",
    "for x in a b; do ", "case x in a) ", "f() { ", "f(){ f|f; }; ", "x=(", "x=$x$x; ", "<(", "! ",
    "[[ ", "$", "*", "[", "@(", "$(a) ", "`a` ", "../", "sudo ", "eval ", "bash -c ", "xargs ",
    "| xargs ", "rm -rf $X/* ; ", "echo a | ", "python3 -c 'os.system(", "git -c alias.a=b a ",
    "for x in {1..9}; do ", '"$(', "cat <<A\nA\n", "find . -exec ", "x=a;$x ", "alias a=b;a ",
    "trap a EXIT;",
)  # fmt: skip
# Eight times the text: eight times the work where it grows with the length, 64 times where it
# grows with its square. Of several tries the quickest counts; other processes only add to it.
SIZES = (4_000, 32_000)
MOST_GROWTH = 25
LEAST_SECONDS = 0.004
TRIES = 5


@pytest.mark.parametrize("piece", REPEATED)
def test_work_grows_with_length_only(piece: str) -> None:
    quickest = dict.fromkeys(SIZES, float("inf"))
    for _ in range(TRIES):
        for size in SIZES:
            quickest[size] = min(quickest[size], _seconds((piece * size)[:size]))
        small, large = quickest.values()
        if large <= MOST_GROWTH * max(small, LEAST_SECONDS):
            return
    pytest.fail(f"{SIZES} characters: {small:.3f} s and {large:.3f} s")


def _seconds(text: str) -> float:
    """Processor time in which the guards judge the text."""
    start = time.process_time()
    hits(text)
    return time.process_time() - start


def test_long_ordinary_commands_are_read_whole() -> None:
    filler = "echo " + "x" * 9_000
    body = "x y z\n" * 10_000
    assert verdict_of(filler) == "none"
    assert verdict_of(f"{filler}; git reset --hard") == "deny"
    assert verdict_of(f"cat > f <<'E'\n{body}E\nrm -rf /") == "deny"
