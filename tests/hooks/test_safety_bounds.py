"""Whatever a command looks like, the guards answer, and in time that grows with its length."""

from __future__ import annotations

import gc
import time
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hooks_shared.safety.programs import LOCAL, PROGRAMS
from hooks_shared.safety.quick import is_plain
from hooks_shared.shell.builtins import BUILTINS
from hooks_shared.shell.outputs import OUTPUTS
from hooks_shared.shell.wrappers import WRAPPERS
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


SIZES = (8_000, 32_000)
NOISE = "".join(map(chr, range(32, 127))) + "\n\t\0é"
SECONDS_PER_CHARACTER = 60e-6  # a slow machine under load; quadratic growth is far beyond


def spent(text: str) -> float:
    """Seconds of processor that one reading takes; collecting other tests' garbage is not its."""
    gc.disable()
    start = time.process_time()
    hits(text)
    seconds = time.process_time() - start
    gc.enable()
    return seconds


@pytest.mark.parametrize("piece", REPEATED)
def test_time_grows_with_length_only(piece: str) -> None:
    """Quadratic growth would be sixteen times; below a few milliseconds there is only noise."""
    short, long = (min(spent(piece * (size // len(piece))) for _ in range(2)) for size in SIZES)
    assert long < 0.02 + 9 * short, f"{short * 1000:.1f} ms → {long * 1000:.1f} ms"
    assert long < 0.1 + SIZES[1] * SECONDS_PER_CHARACTER


@settings(max_examples=20, deadline=None)
@given(st.integers(), st.sampled_from((2_000, 20_000)))
def test_noise_takes_time_in_proportion(seed: int, size: int) -> None:
    noise = "".join(Random(seed).choices(NOISE, k=size))
    assert spent(noise) < 0.1 + size * SECONDS_PER_CHARACTER


ODD = (
    "", "-", "--", "-x", "--x=", "=", "a", "-c", "-c ''", "-e '('", "-f", "-f x", "run", "exec",
    "ssh", "shell --", "config", "delete", "-- --", "'' ''", "-I", "a:b", "x@1", "$X", "*", "~",
    "'\ue000'", "-- a -x b", "< /dev/null", "<<< 'a;b'", "| cat",
)  # fmt: skip


@pytest.mark.parametrize("share", range(4))
def test_every_program_answers_whatever_it_is_given(share: int) -> None:
    known = sorted({*PROGRAMS, *LOCAL, *WRAPPERS, *BUILTINS, *OUTPUTS})
    for index, name in enumerate(known[share::4]):
        for given_words in (*ODD[index % 5 :: 5], "exec", "run"):
            assert verdict_of(f"{name} {given_words}")
            assert verdict_of(f"echo a | sudo {name.upper()} {given_words} | {name}")


def test_long_ordinary_commands_are_read_whole() -> None:
    filler = "echo " + "x" * 9_000
    body = "x y z\n" * 10_000
    assert verdict_of(filler) == "none"
    assert verdict_of(f"{filler}; git reset --hard") == "deny"
    assert verdict_of(f"cat > f <<'E'\n{body}E\nrm -rf /") == "deny"
