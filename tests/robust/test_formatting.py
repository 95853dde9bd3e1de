"""Files that belong to somebody: what hubctl leaves alone, and how little it changes."""

from __future__ import annotations

import difflib
import json

import pytest

from tests.support.cli import LOCAL_SETTINGS, LOCK, MODEL, SETTINGS, changes, rules, tree

ALLOW = MODEL + "      permissions:\n        allow: [Bash(make *)]\n"
FILE = "src/api/" + SETTINGS


def changed_lines(before, after):
    lines = difflib.ndiff(before.decode().splitlines(), after.decode().splitlines())
    return [line for line in lines if line[0] in "+-"]


# The same values as canonical wants, written in other ways.
EQUAL = [
    '{"model":"sonnet","permissions":{"allow":["Bash(make *)"]}}',
    '{\n\t"permissions" : {\n\t\t"allow" : [ "Bash(make *)" ]\n\t},\n\t"model" : "sonnet"\n}',
    '\ufeff{\r\n "permissions": {"allow": [\r\n"Bash(make *)"]},\r\n "model": "sonnet"}\r\n\r\n',
    '{"model":"\\u0073onnet","permissions":{"allow":["Bash(make \\u002a)"]}}\n\n\n',
]


@pytest.mark.parametrize("text", EQUAL, ids=["one line", "tabs", "bom crlf", "escapes"])
def test_an_equal_file_is_left_byte_identical(api, text):
    api.canonical(ALLOW)
    place = api.put(FILE, text)
    before = place.stat()
    api.apply()
    assert place.read_bytes() == text.encode()
    assert place.stat().st_ino == before.st_ino
    api.in_sync()
    assert api.run("plan").out.count("to create") == 0


@pytest.mark.parametrize("text", EQUAL, ids=["one line", "tabs", "bom crlf", "escapes"])
def test_a_file_that_was_reformatted_after_apply_is_in_sync(api, text):
    api.canonical(ALLOW)
    api.apply()
    api.put(FILE, text)
    api.in_sync()
    api.ok("drift", "--fix")
    assert api.read(FILE) == text.encode()


def test_adding_a_permission_is_a_diff_of_one_line_or_two_with_a_comma(api):
    api.canonical(ALLOW)
    api.apply()
    first = api.read(FILE)
    api.canonical(ALLOW.replace("[Bash(make *)]", "[Bash(make *), Bash(ls *)]"))
    api.apply()
    second = api.read(FILE)
    assert changed_lines(first, second) == [
        '-       "Bash(make *)"',
        '+       "Bash(make *)",',
        '+       "Bash(ls *)"',
    ]


def test_a_permission_before_others_is_one_line(api):
    """With a trailing element already there the comma is on the new line."""
    api.canonical(ALLOW)
    api.put(FILE, b'{\n  "permissions": {\n    "allow": [\n      "Bash(mine)"\n    ]\n  }\n}\n')
    before = api.read(FILE)
    api.apply()
    added = changed_lines(before, api.read(FILE))
    assert [line for line in added if "Bash" in line] == [
        '-       "Bash(mine)"',
        '+       "Bash(mine)",',
        '+       "Bash(make *)"',
    ]


MINE = {
    "x-unknown": {"deep": [1, 2.50, True, None, "é"]},
    "permissions": {"allow": ["Bash(mine *)"], "deny": ["Read(.env)"], "x": 1},
    "hooks": {
        "PreToolUse": [{"matcher": "Bash", "hooks": [{"type": "command", "command": "echo mine"}]}],
        "Stop": [{"hooks": [{"type": "command", "command": "echo mine too"}]}],
    },
    "env": {"MINE": "1"},
}
EVERYTHING = (
    ALLOW
    + """\
      env: {OURS: "1"}
      hooks:
        pre_tool_use:
          - {type: command, command: echo ours, matcher: Bash, scope: project}
"""
)


def without_ours(found):
    found["permissions"]["allow"].remove("Bash(make *)")
    del found["model"], found["env"]["OURS"]
    groups = found["hooks"]["PreToolUse"]
    for group in groups:
        group["hooks"] = [h for h in group["hooks"] if h["command"] != "echo ours"]
    found["hooks"]["PreToolUse"] = [group for group in groups if group["hooks"]]
    return found


def test_hooks_permissions_and_unknown_keys_of_the_user_survive(api):
    api.canonical(EVERYTHING)
    text = json.dumps(MINE, indent=3, ensure_ascii=False)
    api.put(FILE, text)
    api.apply()
    after = json.loads(api.read(FILE))
    assert "echo ours" in json.dumps(after)
    assert without_ours(after) == MINE
    api.canonical("hub: {name: acme}\nrepositories: {api: {path: ~/src/api}}\n")
    api.apply()
    assert api.read(FILE) == text.encode()


def test_a_comment_is_refused_with_its_line_and_other_files_go_on(api):
    api.canonical(MODEL + "    language: python\n")
    commented = b'{\n  "theme": "dark",\n  // mine\n  "x": 1\n}\n'
    api.put(FILE, commented)
    for command in (("plan",), ("drift",), ("apply", "--yes")):
        report = api.report(*command)
        (finding,) = [f for f in report["findings"] if f["rule"] == "read/syntax"]
        assert report["exit_code"] == 3
        assert finding["location"]["line"] == 3
        assert finding["location"]["file"] == str(api.home / FILE)
        assert "comment" in finding["message"]
    assert api.read(FILE) == commented
    assert b"hubctl:begin" in api.read("src/api/CLAUDE.md")


def test_line_ends_alone_are_no_drift(api):
    api.canonical(ALLOW + "    language: python\n    conventions: [Small commits.]\n")
    api.put("hub/rules/one.md", "first\nsecond\n")
    api.put("src/api/CLAUDE.md", "# Mine\n")
    api.canonical(api.read("hub/canonical.yaml").decode() + "")
    api.apply()
    for path in ("src/api/CLAUDE.md", FILE):
        api.put(path, api.read(path).replace(b"\n", b"\r\n"))
    before = tree(api.home / "src/api")
    api.in_sync()
    api.apply()
    assert tree(api.home / "src/api") == before


def hand_made():
    """Tabs, odd key order, CRLF and thirty keys of somebody else's."""
    foreign = [f'\t"x-{n * 7 % 30}":  {{ "b":[{n},\t{n}.0], "a" : null }},' for n in range(30)]
    rows = ["{", *foreign[:15], '\t"permissions" :{"deny":[ "Read(.env)" ]  },', *foreign[15:]]
    return "\r\n".join([*rows, '\t"theme"  : "dark"', "}", ""]).encode()


def test_a_hand_made_file_changes_in_our_spans_alone_and_rolls_back_whole(api):
    """The issue's own words: tabs, odd key order, CRLF, thirty foreign keys."""
    api.canonical(ALLOW)
    before = hand_made()
    place = api.put(FILE, before)
    place.chmod(0o640)
    api.apply()
    after = api.read(FILE)
    lines = changed_lines(before.replace(b"\r", b"^M"), after.replace(b"\r", b"^M"))
    assert after.count(b"\r\n") == after.count(b"\n")
    assert [line.replace("\t", "").removesuffix("^M") for line in lines] == [
        '- "permissions" :{"deny":[ "Read(.env)" ]  },',
        '+ "permissions" :{"deny":[ "Read(.env)" ],"allow":["Bash(make *)"]  },',
        '- "theme"  : "dark"',
        '+ "theme"  : "dark",',
        '+ "model"  : "sonnet"',
    ]
    assert json.loads(after)["permissions"]["allow"] == ["Bash(make *)"]
    api.in_sync()
    api.ok("rollback", "--yes")
    assert api.read(FILE) == before
    assert place.stat().st_mode & 0o777 == 0o640
    assert not (api.home / "src/api" / LOCK).exists()


def test_a_foreign_key_added_later_is_one_note_that_changes_no_exit_code(api):
    api.put(FILE, b'{"x-old": 1}')
    api.apply()
    api.in_sync()
    api.put(FILE, api.read(FILE).replace(b'"x-old"', b'"x-new": 2, "x-old"'))
    report = api.report("drift")
    assert changes(report) == {f"api:{SETTINGS}#/x-new": "unmanaged"}
    assert (report["exit_code"], rules(report)) == (0, ["drift/unmanaged"])
    api.ok("drift", "--fix")
    assert json.loads(api.read(FILE))["x-new"] == 2


def test_a_baseline_survives_a_saved_plan(api):
    """Keys that were there before are no news, however the plan was carried out."""
    api.put(FILE, b'{"x-old": 1}')
    api.ok("plan", "-o", "plan.json")
    api.ok("apply", "--plan", "plan.json")
    api.in_sync()
    api.put(FILE, api.read(FILE).replace(b'"x-old"', b'"x-new": 2, "x-old"'))
    assert changes(api.report("drift")) == {f"api:{SETTINGS}#/x-new": "unmanaged"}


def test_a_value_that_the_local_file_overrides_is_told_as_shadowed(api):
    api.apply()
    api.put("src/api/" + LOCAL_SETTINGS, b'{"model": "opus"}')
    report = api.report("drift")
    assert changes(report) == {f"api:{SETTINGS}#/model": "shadowed"}
    assert report["exit_code"] == 0
    (finding,) = report["findings"]
    assert LOCAL_SETTINGS in finding["message"]
