"""Hook handlers: how they are named, recognised, changed and taken out."""

from __future__ import annotations

import json

import pytest

from hubctl.documents import DocumentError, handler_id, handler_identity
from hubctl.model.item import Handler, hash_value
from hubctl.model.state import ABSENT
from tests.documents.building import command, drop, edit, put, undo, value_at

RUN = "test -x /usr/bin/python3 && exec /usr/bin/python3 -I -S /h/hooks/current/run.py Stop"
OURS = command(RUN, timeout=10)
USERS = '{"matcher": "Bash" , "hooks":[ {"command":"mine.sh","type":"command"} ], "note": 1}'


def hooks(*groups: object, event: str = "Stop") -> bytes:
    return json.dumps({"hooks": {event: groups}}).encode()


def group(*entries: object, **more: object) -> dict:
    return {**more, "hooks": list(entries)}


SAME_ID = [
    ({"type": "command", "command": "a"}, {"type": "command", "command": "a", "timeout": 5}),
    ({"type": "http", "url": "u", "headers": {"a": "1"}}, {"url": "u", "type": "http"}),
    (
        {"type": "mcp_tool", "server": "s", "tool": "t", "input": {}},
        {"type": "mcp_tool", "server": "s", "tool": "t"},
    ),
    ({"type": "prompt", "prompt": "p", "model": "m"}, {"type": "prompt", "prompt": "p"}),
    ({"type": "agent", "prompt": "p", "timeout": 1}, {"type": "agent", "prompt": "p"}),
]
OTHER_ID = [
    ({"type": "command", "command": "a"}, {"type": "command", "command": "a", "args": []}),
    ({"type": "command", "command": "a"}, {"type": "command", "command": "b"}),
    ({"type": "http", "url": "u"}, {"type": "http", "url": "v"}),
    ({"type": "mcp_tool", "server": "s", "tool": "t"}, {"type": "mcp_tool", "server": "s"}),
    ({"type": "prompt", "prompt": "p"}, {"type": "agent", "prompt": "p"}),
    ({"type": "new", "x": 1}, {"type": "new", "x": 2}),
]


@pytest.mark.parametrize(("one", "other"), SAME_ID)
def test_what_does_not_name_a_handler_does_not_change_its_id(one, other):
    assert handler_id(one) == handler_id(other)
    assert handler_identity(one) == handler_identity(other)


@pytest.mark.parametrize(("one", "other"), OTHER_ID)
def test_what_names_a_handler_changes_its_id(one, other):
    assert handler_id(one) != handler_id(other)


def test_the_id_is_twelve_hexadecimal_digits_of_a_fixed_hash():
    assert handler_id({"type": "command", "command": "a"}) == "238c87e67aca"


RECOGNISED = [
    (OURS.entry, "hubctl"),
    ({**OURS.entry, "async": True}, "hubctl-async"),
    ({**OURS.entry, "async": False}, "hubctl"),
    ({**OURS.entry, "timeout": 99, "x": 1}, "hubctl"),
    ({"type": "command", "command": "python3", "args": ["-I", "/r/current/run.py"]}, "hubctl"),
    ({"type": "command", "command": "/r/current/walk.py"}, ""),
    ({"type": "http", "url": "http://x/current/run.py"}, ""),
]


@pytest.mark.parametrize(("entry", "name"), RECOGNISED)
def test_the_dispatcher_is_known_by_its_program(entry, name):
    data = hooks("junk", {"hooks": "junk"}, group("junk", entry, matcher="Bash"))
    for known in ("hubctl", "hubctl-async"):
        found = value_at(data, f"hook:Stop/{known}")
        assert (found is not ABSENT) == (known == name)
        if found is not ABSENT:
            assert found == Handler(matcher="Bash", entry=entry, ours=True)


def test_an_exact_match_of_the_record_comes_first():
    edited = {**OURS.entry, "timeout": 60}
    data = hooks(group(edited), group(dict(OURS.entry)))
    assert value_at(data, "hook:Stop/hubctl").entry == edited
    found = value_at(data, "hook:Stop/hubctl", recorded=hash_value(OURS))
    assert found.entry == OURS.entry
    other = command("python3 -m ours")
    data = hooks(group(dict(other.entry)))
    assert value_at(data, "hook:Stop/hubctl") is ABSENT
    assert value_at(data, "hook:Stop/hubctl", recorded=hash_value(other)).ours


def test_a_handler_of_the_user_is_found_by_its_id():
    entry = {"type": "prompt", "prompt": "ok?", "timeout": 3}
    data = hooks(group(entry, matcher="*"))
    found = value_at(data, f"hook:Stop/{handler_id(entry)}")
    assert found == Handler(matcher="*", entry=entry)
    assert value_at(data, f"hook:PreToolUse/{handler_id(entry)}") is ABSENT


@pytest.mark.parametrize("matcher", [5, None, ["Bash"]])
def test_a_matcher_of_another_type_equals_none_that_is_wanted(matcher):
    found = value_at(hooks(group(dict(OURS.entry), matcher=matcher)), "hook:Stop/hubctl")
    assert hash_value(found) not in {hash_value(OURS), hash_value(command(RUN, "Bash"))}


def test_a_new_handler_gets_a_group_of_its_own_at_the_end():
    before = f'{{\n  "hooks": {{\n    "Stop": [\n      {USERS}\n    ]\n  }}\n}}\n'
    one = put("hook:Stop/hubctl", command(RUN, "Edit"))
    edited = edit(before.encode(), one)
    text = edited.data.decode()
    assert USERS in text
    assert json.loads(text)["hooks"]["Stop"][1] == {
        "matcher": "Edit",
        "hooks": [{"type": "command", "command": RUN}],
    }
    assert edit(edited.data, *undo([one]), containers=edited.containers).data == before.encode()


def test_no_matcher_means_no_key():
    watching = command(RUN, **{"async": True})
    edited = edit(b"{}", put("hook:Stop/hubctl", OURS), put("hook:Stop/hubctl-async", watching))
    groups = json.loads(edited.data)["hooks"]["Stop"]
    assert [set(group) for group in groups] == [{"hooks"}, {"hooks"}]
    assert [group["hooks"][0].get("async") for group in groups] == [None, True]


def test_with_the_same_matcher_only_the_entry_changes():
    before = (
        f'{{"hooks": {{"Stop": [{USERS}, {{"hooks":  [ {json.dumps(OURS.entry)}, 1 ], "k":2}}]}}}}'
    )
    wanted = command(RUN, timeout=60)
    after = edit(before.encode(), put("hook:Stop/hubctl", wanted, recorded=hash_value(OURS)))
    assert after.data.decode() == before.replace(json.dumps(OURS.entry), json.dumps(wanted.entry))


def test_with_another_matcher_it_moves_to_a_new_group():
    shared = f'{{"hooks": [{json.dumps(OURS.entry)}, {{"type": "prompt", "prompt": "p"}}]}}'
    before = f'{{"hooks": {{"Stop": [{shared}, {USERS}]}}}}'
    edited = edit(before.encode(), put("hook:Stop/hubctl", command(RUN, "Bash", timeout=10)))
    groups = json.loads(edited.data)["hooks"]["Stop"]
    assert groups[0] == {"hooks": [{"type": "prompt", "prompt": "p"}]}
    assert groups[2] == {"matcher": "Bash", "hooks": [OURS.entry]}
    assert USERS in edited.data.decode()


@pytest.mark.parametrize(
    ("extra", "left"), [({}, []), ({"matcher": "x"}, []), ({"note": 1}, [{"note": 1, "hooks": []}])]
)
def test_an_emptied_group_goes_unless_it_holds_keys_of_the_user(extra, left):
    edited = edit(hooks(group(dict(OURS.entry), **extra)), drop("hook:Stop/hubctl"))
    assert json.loads(edited.data)["hooks"]["Stop"] == left


def test_there_is_at_most_one_dispatcher_of_a_kind_in_an_event():
    twin, other = {**OURS.entry, "timeout": 1}, {**OURS.entry, "async": True}
    data = hooks(group(twin), group(dict(OURS.entry), {"type": "x"}), group(twin, other))
    edited = edit(data, put("hook:Stop/hubctl", OURS, recorded=hash_value(OURS)))
    assert json.loads(edited.data)["hooks"]["Stop"] == [
        group(OURS.entry, {"type": "x"}),
        group(other),
    ]
    removed = edit(data, drop("hook:Stop/hubctl"))
    assert json.loads(removed.data)["hooks"]["Stop"] == [group({"type": "x"}), group(other)]


def test_a_twin_of_the_users_under_another_matcher_stays():
    ours = command("lint", "Edit")
    name = f"hook:Stop/{handler_id(ours.entry)}"
    data = hooks(group(dict(ours.entry), matcher="Write"), group(dict(ours.entry), matcher="Edit"))
    removed = edit(data, drop(name, recorded=hash_value(ours)))
    assert removed.data == hooks(group(dict(ours.entry), matcher="Write"))
    changed = edit(data, put(name, command("lint", "Edit", timeout=1), recorded=hash_value(ours)))
    assert json.loads(changed.data)["hooks"]["Stop"] == [
        group(ours.entry, matcher="Write"),
        group({**ours.entry, "timeout": 1}, matcher="Edit"),
    ]


def test_removing_gives_back_what_was_empty_before():
    for before in (b'{"hooks": {}}', b'{"hooks": { "Stop": [ ] }}', b'{"a": 1}'):
        edited = edit(before, put("hook:Stop/hubctl", OURS))
        assert edited.data != before
        back = edit(edited.data, drop("hook:Stop/hubctl"), containers=edited.containers)
        assert (back.data, back.containers) == (before, {})


REFUSED = [
    (b'{"hooks": []}', "hook:Stop/hubctl", "/hooks is not an object"),
    (b'{"hooks": {"Stop": {}}}', "hook:Stop/hubctl", "/hooks/Stop is not a list"),
    (b"{}", "hook:pre_tool_use/hubctl", "no event name"),
    (b"{}", "hook:preToolUse/hubctl", "no event name"),
    (
        b'{"hooks": {"Stop": [{"hooks": [], "hooks": [{"command": "current/run.py"}]}]}}',
        "hook:Stop/hubctl",
        "'hooks' stands here a second time",
    ),
]


@pytest.mark.parametrize(("data", "fragment", "message"), REFUSED)
def test_what_cannot_hold_a_handler_is_refused(data, fragment, message):
    with pytest.raises(DocumentError, match=message):
        edit(data, put(fragment, OURS))


def test_a_handler_and_its_whole_event_cannot_both_be_set():
    with pytest.raises(DocumentError, match="both"):
        edit(b"{}", put("hook:Stop/hubctl", OURS), put("/hooks/Stop", []))


def test_removing_what_is_not_there_changes_nothing():
    data = hooks(group({"type": "command", "command": "mine"}))
    edited = edit(data, drop("hook:Stop/hubctl"), drop("hook:SessionStart/hubctl"))
    assert edited.data is data
