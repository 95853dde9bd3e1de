"""Runs every scenario beside it; and shows that the runner notices when one is not kept.

`UPDATE_GOLDEN=1` writes what happens into the scripts instead; read it before committing.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.rewriting import rewritten
from tests.support.script import Runner, ScriptError, matches, parse

SCRIPTS = sorted(Path(__file__).parent.glob("*.txt"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_script(script, tmp_path):
    text = script.read_text(encoding="utf-8")
    if os.environ.get("UPDATE_GOLDEN"):
        script.write_text(rewritten(text), encoding="utf-8")
    else:
        Runner(tmp_path / "home").run(text)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_begins_with_a_title_and_says_something_about_hubctl(script):
    text = script.read_text(encoding="utf-8")
    title, blank, *_ = text.splitlines()
    assert title and not title.startswith(" ")
    assert blank == ""
    assert len(text.splitlines()) <= 130, "one page"
    commands = [s for s in parse(text) if s.kind == "$" and s.head.startswith("hubctl ")]
    assert any(command.body for command in commands)


KEPT = """\
A script

    -- note --
    one
    two

It is shown.

    $ cat note
    one
    t[..]

    $ sh -c 'echo a; echo b; echo c; exit 3'
    a
    ...
    ? 3

    == note ==
    ...
    two

    == other (absent) ==

    $ hubctl --version
    hubctl [..]
"""


def test_a_script_that_is_kept_passes(tmp_path):
    Runner(tmp_path / "home").run(KEPT)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("    t[..]", "    x[..]", "line 9: $ cat note"),
        ("    t[..]\n", "", "line 9: $ cat note"),
        ("    ? 3\n", "", "ended with 3, not 0"),
        ("    ? 3\n", "    ? 2\n", "ended with 3, not 2"),
        ("    two\n\n    == other", "    three\n\n    == other", "line 18: == note"),
        ("other (absent)", "note (absent)", "note is there"),
        ("== note ==", "== note (crlf) ==", "0 of 2 lines end in CR LF"),
        ("== note ==", "== note (no newline) ==", "the last line"),
        ("hubctl [..]", "hubctl", "line 24: $ hubctl --version"),
    ],
)
def test_a_script_that_is_not_kept_fails(tmp_path, old, new, told):
    assert old in KEPT
    with pytest.raises(ScriptError) as error:
        Runner(tmp_path / "home").run(KEPT.replace(old, new, 1))
    assert told in str(error.value)


def test_rewriting_keeps_what_fits_and_writes_what_happens():
    assert rewritten(KEPT) == KEPT
    wrong = KEPT.replace("    t[..]", "    x").replace("    ? 3\n", "")
    assert rewritten(wrong) == KEPT.replace("t[..]", "two")


@pytest.mark.parametrize("text", ["    lost\n", "    -- note (loud) --\n"])
def test_a_line_without_meaning_is_refused(text):
    with pytest.raises(ScriptError):
        parse(text)


@pytest.mark.parametrize(
    ("expected", "got", "fits"),
    [
        ((), [], True),
        ((), ["a"], False),
        (("...",), [], True),
        (("...",), ["a", "b"], True),
        (("a", "...", "c"), ["a", "b", "b", "c"], True),
        (("a", "...", "c"), ["a", "c", "d"], False),
        (("[..]b",), ["ab"], True),
        (("[..]b",), ["abc"], False),
        (("a.c",), ["abc"], False),
    ],
)
def test_wildcards(expected, got, fits):
    assert matches(expected, got) is fits


def test_files_are_written_as_their_options_say(tmp_path):
    runner = Runner(tmp_path / "home")
    runner.run("    -- a (crlf) (tabs) --\n    x\n        y\n\n    -- ~/b (no newline) --\n    z\n")
    assert (runner.hub / "a").read_bytes() == b"x\r\n\ty\r\n"
    assert (runner.home / "b").read_bytes() == b"z"
