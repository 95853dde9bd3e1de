"""Stand-ins: what is judged stays, what acts goes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubctl.errors import OperationError
from hubctl.live.entries import entries_of, read_settings
from hubctl.live.scratch import shipped_alone
from hubctl.live.stand_in import REACHING, Place, require_harmless, stand_in
from hubctl.model.target import Machine
from hubctl.render.hook_commands import machine_command, project_command

if TYPE_CHECKING:
    from hubctl.live.result import SettingsFile

ACTS = "do-something-for-real"
MACHINE = Machine(
    home="/home/ada",
    config_dir="/home/ada/.claude",
    unit_dir="",
    agents_dir="",
    platform="linux",
    interpreter="/usr/bin/python3",
    release="/home/ada/.local/share/hubctl/hooks/current",
    registry_dir="/home/ada/.local/state/hubctl/acme/hooks",
    hubctl="hubctl",
)
TWIN = Machine(
    **{name: getattr(MACHINE, name) for name in MACHINE.__slots__} | {"registry_dir": "/copy/hooks"}
)
PLACE = Place(marks="/copy/marks", url="http://127.0.0.1:1234", machine=MACHINE, twin=TWIN)


def copied(document: object, knows: Any = lambda _: True) -> Any:
    file = read(json.dumps(document))
    entries = {entry.at: entry for entry in entries_of([file], MACHINE)}
    return json.loads(stand_in(file, entries, PLACE, knows))


def read(text: str) -> SettingsFile:
    return read_settings("api:.claude/settings.json", "/api/s.json", "committed", text.encode())


def handler(document: Any, event: str = "Stop") -> Any:
    return document["hooks"][event][0]["hooks"][0]


def stop(**entry: Any) -> dict[str, Any]:
    return {"hooks": {"Stop": [{"hooks": [entry]}]}}


@pytest.mark.parametrize("key", sorted(REACHING))
def test_a_key_that_reaches_out_goes_unless_the_client_would_reject_it(key: str) -> None:
    right = REACHING[key]()
    assert key not in copied({key: right})
    assert copied({key: 5})[key] == 5


def test_other_keys_stay_as_the_client_will_judge_them() -> None:
    document = {"model": 5, "permissions": {"deny": ["Read(.env)"], "defaultMode": 1}}
    found = copied(document)
    assert {key: found[key] for key in document} == document


def test_a_key_that_nobody_knows_goes_where_it_could_act() -> None:
    found = copied({"newHelper": ACTS, "newer": {"command": ACTS}, "newest": 1}, lambda _: False)
    assert set(found) == {"newest", "hooks"}


def test_of_the_environment_only_switches_and_mistakes_stay() -> None:
    env = {"ANTHROPIC_BASE_URL": "https://example.org", "HUBCTL_HOOKS": "off", "PORT": 8080}
    assert copied({"env": env})["env"] == {"HUBCTL_HOOKS": "off", "PORT": 8080}
    assert copied({"env": [ACTS]})["env"] == [ACTS]


@pytest.mark.parametrize(
    "entry",
    [
        {"type": "command", "command": ACTS},
        {"type": "command", "command": ACTS, "args": [ACTS]},
        {"type": "command", "command": ACTS, "async": True, "shell": "powershell"},
        {"type": "http", "url": f"https://{ACTS}", "headers": {"Authorization": ACTS}},
        {"type": "prompt", "prompt": ACTS},
        {"type": "agent", "prompt": ACTS},
        {"type": "of the future", "command": ACTS, "url": f"http://{ACTS}"},
        {"type": "command", "command": machine_command(MACHINE, "Stop", "open") + f";{ACTS}"},
    ],
)
def test_no_handler_acts(entry: dict[str, Any]) -> None:
    found = handler(copied(stop(**entry)))
    assert ACTS not in json.dumps(found)
    assert found["type"] == entry["type"]
    assert set(entry) - {"async"} <= set(found)


def test_what_decides_whether_a_handler_is_taken_stays() -> None:
    entry = {"type": "command", "command": 5, "args": "x", "timeout": "5", "if": "Bash(x)"}
    assert handler(copied(stop(**entry))) == entry


def test_our_own_handlers_run_with_registries_of_the_copy() -> None:
    command = machine_command(MACHINE, "Stop", "open")
    found = handler(copied(stop(type="command", command=command)))["command"]
    assert found == machine_command(TWIN, "Stop", "open")
    assert MACHINE.registry_dir not in found
    committed = project_command("Stop", "project")
    assert handler(copied(stop(type="command", command=committed)))["command"] == committed


@pytest.mark.parametrize(
    ("hooks", "event"),
    [({}, "SessionStart"), ({"SessionStart": 5}, "UserPromptSubmit")],
)
def test_a_canary_shows_that_the_file_was_taken(hooks: dict[str, Any], event: str) -> None:
    found = copied({"hooks": hooks})["hooks"]
    assert "canary-committed" in found[event][-1]["hooks"][0]["command"]


def test_hooks_that_are_no_object_stay_so() -> None:
    assert copied({"hooks": [ACTS]})["hooks"] == [ACTS]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.just(ACTS),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["command", "hooks", "url", "type", "x"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(groups=JSON)
def test_any_shape_of_hooks_is_copied_shape_for_shape(groups: Any) -> None:
    found = copied({"hooks": {"PreToolUse": groups}})["hooks"]["PreToolUse"]
    assert _shape(found) == _shape(groups)


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _shape(item) for key, item in value.items() if key != "shell"}
    if isinstance(value, list):
        return [_shape(item) for item in value]
    return type(value)


def test_only_hooks_that_travel_with_hubctl_run_in_a_copy() -> None:
    own = {"id": "ours", "module": "hooks_shared.own_acme.ours", "tools": []}
    known = {"id": "g", "module": "hooks_shared.families.safety.git_safety_check", "tools": []}
    found = json.loads(shipped_alone(json.dumps({"events": {"Stop": [own, known]}})))
    assert [row["tools"] for row in found["events"]["Stop"]] == [["-"], []]
    assert shipped_alone("{damaged") == "{damaged"


@pytest.mark.parametrize("managed", [None, {}, {"model": "opus"}, []])
def test_managed_settings_that_only_say_something_are_fine(managed: object) -> None:
    require_harmless(managed)


@pytest.mark.parametrize("key", ["hooks", "env", "apiKeyHelper"])
def test_managed_settings_that_act_are_refused(key: str) -> None:
    with pytest.raises(OperationError, match=key):
        require_harmless({key: {}})
