from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from hubctl.model.item import FileText, Handler, JsonValue
from hubctl.model.state import Action, Status
from hubctl.output.compare import Difference, explain, tally, unified_lines
from hubctl.output.diff import unified
from hubctl.output.options import Options
from hubctl.output.verdict import report
from tests.output import samples
from tests.output import strategies as some

texts = st.lists(st.sampled_from(["a", "b", "", "+x", "-y", "@@ z", "\\ q"]), max_size=8)


def applied(old, rows):
    """What `patch` would make of `old`: the proof that a diff tells everything."""
    source = old.split("\n")
    last = source.pop()
    source = [line + "\n" for line in source] + ([last] if last else [])
    result, at, sign = [], 0, ""
    for row in rows:
        if row.startswith("\\"):
            if sign in "+ ":
                result[-1] = result[-1].removesuffix("\n")
            continue
        sign = row[0]
        if sign == "@":
            start, _, length = row.split()[1][1:].partition(",")
            first = int(start) - (length != "0")
            result += source[at:first]
            at = first
            continue
        if sign in "+ ":
            result.append(row[1:] + "\n")
        at += sign in "- "
    return "".join(result + source[at:])


@given(texts.map("\n".join), texts.map("\n".join))
def test_a_diff_turns_the_old_text_into_the_new(old, new):
    rows = unified_lines(old, new)
    assert applied(old, rows) == new
    assert (rows == ()) == (old == new)


@given(texts.map("\n".join), texts.map("\n".join))
def test_the_tally_counts_added_and_removed_lines(old, new):
    added, removed = tally(old, new)
    grown = len(_lines(new)) - len(_lines(old))
    assert added - removed == grown


def _lines(text):
    parts = text.split("\n")
    return parts if parts[-1] else parts[:-1]


def test_a_missing_final_newline_is_told():
    assert unified_lines("a\n", "a") == ("@@ -1 +1 @@", "-a", "+a", "\\ No newline at end of file")


def test_only_line_feeds_end_lines():
    assert tally("a\x0cb\u2028c\n", "a\x0cb\u2028d\n") == (1, 1)


def test_structures_are_explained_place_by_place():
    old = {"on": True, "list": ["a", "b"], "gone": None, "n": 1}
    new = {"on": 1, "list": ["a", "c", "d"], "n": 1.0, "new": {"x": []}}
    assert explain(old, new) == (
        Difference(place="gone", sign="-", old="null"),
        Difference(place="list[1]", sign="~", old='"b"', new='"c"'),
        Difference(place="list[2]", sign="+", new='"d"'),
        Difference(place="n", sign="~", old="1", new="1.0"),
        Difference(place="new", sign="+", new='{"x": []}'),
        Difference(place="on", sign="~", old="true", new="1"),
    )


def test_scalars_other_types_and_giants_are_not_explained():
    assert explain("a", "b") == explain({}, []) == explain({"a": 1}, {"a": 1}) == ()
    assert explain(["x" * 60_000], ["y"]) == ()


@settings(max_examples=25, deadline=None)
@given(some.objects, some.objects)
def test_differing_structures_have_an_explanation_in_a_fixed_order(old, new):
    rows = explain(old, new)
    assert rows == explain(old, new)
    assert bool(rows) == (repr(_sorted(old)) != repr(_sorted(new)))


def _sorted(value):
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value


# -- hubctl diff -----------------------------------------------------------------------------------


def diff_of(*changes, **options):
    found = report("diff", samples.plan(samples.target("api", *changes)))
    return unified(found, Options(**options))


def test_only_what_would_be_written_is_in_the_diff():
    one = JsonValue(value=1)
    silent = [
        samples.change("api:a.json#/a", Status.CONFLICT, one, JsonValue(value=2)),
        samples.change("api:a.json#/b", Status.UNMANAGED, None, one),
        samples.change("api:a.json#/c", Status.UNMANAGED, one, one, action=Action.ADOPT),
        samples.change("api:a.json#/d", Status.DRIFTED, one, JsonValue(value=2), excepted="x"),
    ]
    assert diff_of(*silent) == ""
    assert "@@ -0,0 +1 @@ #/e\n+1\n" in diff_of(
        *silent, samples.change("api:a.json#/e", Status.PENDING, one)
    )


def test_fields_of_one_file_share_its_header():
    changes = [
        samples.change(f"api:a.json#/{key}", Status.PENDING, JsonValue(value=key)) for key in "ab"
    ]
    shown = diff_of(*changes)
    assert shown.count("--- api/a.json\n+++ api/a.json\n") == 1
    assert shown.count("@@ -0,0 +1 @@") == 2


def test_a_changed_mode_is_told_even_without_a_changed_line():
    change = samples.change(
        "api:run", Status.DRIFTED, FileText(text="x\n", executable=True), FileText(text="x\n")
    )
    assert diff_of(change) == "old mode 100644\nnew mode 100755\n--- api/run\n+++ api/run\n"


def test_a_handler_is_compared_as_a_structure():
    old = Handler(matcher="Bash", entry={"type": "command", "command": "x", "timeout": 5})
    new = Handler(matcher="Bash", entry={"type": "command", "command": "x", "timeout": 10})
    shown = diff_of(samples.change("api:a.json#hook:Stop/x", Status.DRIFTED, new, old))
    assert '-  "timeout": 5\n+  "timeout": 10\n' in shown


def test_the_diff_is_escaped_and_coloured_on_request():
    change = samples.change("api:a.md", Status.PENDING, FileText(text="a\tb\x1b[2J\n"))
    assert "+a\tb\\x1b[2J\n" in diff_of(change)
    assert "\x1b[32m+a\tb\\x1b[2J\x1b[0m\n" in diff_of(change, colour=True)
