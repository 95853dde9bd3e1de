"""All hooks at once, as `apply` sets them up: samples, breakages, hostile surroundings."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from hubctl.model.item import FileText, Handler
from hubctl.model.target import Facts, Subject, Target
from hubctl.render import hook_registry, hooks
from hubctl.system.hooks_package import contract, registry
from tests.hooks.breakages import BREAKAGES, WHOLE
from tests.hooks.inputs import INPUTS, event_text
from tests.hooks.world import Answer, World

if TYPE_CHECKING:
    from collections.abc import Mapping

SCOPES = ("local", "project", "host")
EVENTS = sorted({event for hook in registry.HOOKS for event in hook.events})
SAMPLES = [data for data in INPUTS if data["hook_event_name"] in EVENTS]
# Breakages of the package reach whatever a hook loads; one of a single hook reaches that one.
GUARD, ADVISER = "families/safety/git_safety_check.py", "families/context/output_monitor.py"
PUSH = event_text("PreToolUse", tool_name="Bash", tool_input={"command": "git push --force"})
OUTPUT = event_text("PostToolUse", tool_name="Bash", tool_response={"stdout": "x" * 50_000})
REPAIR = event_text("PreToolUse", tool_name="Bash", tool_input={"command": "hubctl apply --yes"})


def _listed(scope: str) -> dict[str, list[dict[str, str]]]:
    return {
        event: [
            {"hook": hook.id, "scope": scope} for hook in registry.HOOKS if event in hook.events
        ]
        for event in EVENTS
    }


def _subject(world: World, listed: Mapping[str, Any], *, host: bool = False) -> Subject:
    name = "host" if host else "api"
    return Subject(
        target=Target(name=name, root=str(world.repo), roots={"@state/": str(world.own)}),
        facts=Facts(),
        machine=world.machine,
        hub="team",
        canonical="canonical.yaml",
        spec={"name": name, "hooks": listed},
        sources={},
        document={},
    )


class Everything:
    """A world in which every hook is on at all its events."""

    def __init__(self, world: World) -> None:
        self.world = world
        subject = _subject(world, _listed("local"))
        (item,) = hook_registry.render(subject)
        assert isinstance(item.value, FileText)
        (world.own / "registry.json").write_text(item.value.text)
        self.lines = {}
        for rendered in hooks.render(subject):
            assert isinstance(rendered.value, Handler)
            event, _, name = rendered.address.name.partition("/")
            self.lines[event, name] = str(rendered.value.entry["command"])

    def answer(self, event: str, text: str, before: str = "", **env: str) -> Answer:
        """What the blocking handler says; `before` are shell commands that run ahead of it."""
        command = ["/bin/sh", "-c", before + self.lines[event, "hubctl"]]
        return self.world.start(command, text, **env)

    def observe(self, event: str, text: str) -> Answer:
        return self.world.start(["/bin/sh", "-c", self.lines[event, "hubctl-async"]], text)


@pytest.fixture
def everything(guarded: World) -> Everything:
    return Everything(guarded)


@pytest.mark.parametrize("scope", SCOPES)
def test_one_blocking_handler_per_event_and_at_most_one_beside_it(world: World, scope: str) -> None:
    found: Counter[tuple[str, bool]] = Counter()
    for item in hooks.render(_subject(world, _listed(scope), host=scope == "host")):
        assert isinstance(item.value, Handler)
        event = item.address.name.partition("/")[0]
        found[event, bool(item.value.entry.get("async"))] += 1
    assert set(found.values()) == {1}
    assert {event for event, beside in found if not beside} == set(EVENTS)
    assert {event for event, beside in found if beside} == {"PostToolUse"}


@pytest.mark.parametrize(
    "numbers", [range(start, len(SAMPLES), 8) for start in range(8)], ids=lambda one: str(one.start)
)
def test_every_sample_of_the_client_is_answered_well(
    everything: Everything, numbers: range
) -> None:
    """Each sample meets the real handlers in a session of its own; no hook may fail over it."""
    for number in numbers:
        event = SAMPLES[number]["hook_event_name"]
        text = json.dumps({**SAMPLES[number], "session_id": f"s{number}"}) + "\n"
        answers = [everything.answer(event, text)]
        if (event, "hubctl-async") in everything.lines:
            answers.append(everything.observe(event, text))
        for answer in answers:
            assert answer.code in (0, 2), answer
            assert (answer.code == 2) == bool(answer.stderr)
            if answer.stdout:
                specific = answer.json.get("hookSpecificOutput", {"hookEventName": event})
                assert specific["hookEventName"] == event
    records = everything.world.records()
    assert len(records) >= len(numbers)
    assert [one for record in records for one in record["hooks"] if "problem" in one] == []
    assert [one for record in records for one in record["incidents"]] == []


@pytest.mark.parametrize("kind", BREAKAGES)
def test_with_every_hook_on_guards_refuse_and_advisers_let_through(
    everything: Everything, kind: str
) -> None:
    everything.world.guard = GUARD
    BREAKAGES[kind](everything.world)
    refused = everything.answer("PreToolUse", PUSH)
    assert refused.code == 2, refused
    assert refused.specific["permissionDecision"] == "deny"
    assert refused.stderr.strip()
    if kind not in WHOLE:
        assert "Run: hubctl apply" in refused.stderr
    passed = everything.answer("PreToolUse", REPAIR)
    if kind != "hook ends the process":  # that one has eaten the event
        assert passed.code == 0, passed


@pytest.mark.parametrize("kind", BREAKAGES)
def test_with_every_hook_on_what_only_advises_never_stops_anything(
    everything: Everything, kind: str
) -> None:
    everything.world.guard = ADVISER
    BREAKAGES[kind](everything.world)
    answer = everything.answer("PostToolUse", OUTPUT)
    assert (answer.code, answer.stderr) == (0, ""), answer
    assert "decision" not in answer.json
    if kind not in WHOLE:
        assert "hubctl" in answer.json["systemMessage"]


SURROUNDINGS = {
    "a full disk": "ulimit -f 0; ",
    "no HOME": "unset HOME XDG_STATE_HOME XDG_DATA_HOME XDG_CONFIG_HOME; ",
    "no working folder": "d=$PWD/gone; mkdir $d; cd $d; rmdir $d; ",
    "no descriptors to spare": "ulimit -n 16; ",
    "no environment": "unset PATH CLAUDE_PROJECT_DIR; ",
    "nothing takes what is told": "exec 2>/dev/full; ",
}


@pytest.mark.parametrize("kind", SURROUNDINGS)
def test_guards_guard_in_hostile_surroundings(everything: Everything, kind: str) -> None:
    at = {"cwd": str(everything.world.repo), "session_id": "s"}
    harmless = event_text("PreToolUse", tool_name="Bash", tool_input={"command": "ls src"}, **at)
    push = {"command": "git push --force"}
    dangerous = event_text("PreToolUse", tool_name="Bash", tool_input=push, **at)
    passed = everything.answer("PreToolUse", harmless, SURROUNDINGS[kind])
    assert passed.code == 0
    assert "permissionDecision" not in passed.stdout
    refused = everything.answer("PreToolUse", dangerous, SURROUNDINGS[kind])
    assert refused.code == 2
    assert "git-push-force" in refused.specific["permissionDecisionReason"]


def test_switched_off_all_at_once_they_say_nothing(everything: Everything) -> None:
    for event in EVENTS:
        answer = everything.answer(event, event_text(event), HUBCTL_HOOKS="off")
        assert answer == Answer(0, "", "")
    everything.answer("PreToolUse", PUSH, HUBCTL_HOOKS_OFF=",".join(h.id for h in registry.HOOKS))
    incidents = [one for record in everything.world.records() for one in record["incidents"]]
    assert len(incidents) == len(EVENTS) + sum("PreToolUse" in h.events for h in registry.HOOKS)


def test_events_that_no_hook_wants_start_nothing(world: World) -> None:
    unwanted = set(contract.EVENTS) - set(EVENTS)
    rendered = hooks.render(_subject(world, _listed("local")))
    assert len(unwanted) > 15
    assert not unwanted & {item.address.name.partition("/")[0] for item in rendered}
