"""What settings, registry and link a target gets for the hooks of its spec; then run for real."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from hubctl.documents.hook_groups import own_id
from hubctl.model.item import FileText, Handler, Item, LinkTo
from hubctl.model.state import Scope
from hubctl.model.target import Facts, Subject, Target
from hubctl.render import hook_link, hook_registry, hooks, render
from hubctl.render.hook_selection import Enabled, enabled, hook_findings
from hubctl.shipped import read_shipped
from hubctl.system.hooks_package import registry
from tests.hooks.inputs import event_text

if TYPE_CHECKING:
    from tests.hooks.world import World

SCHEMA = json.loads(read_shipped("schemas/hook-registry.schema.json"))


def _subject(world: World, listed: dict[str, Any], *, host: bool = False, **spec: Any) -> Subject:
    name = "host" if host else "api"
    roots = {"@state/": f"{world.state}/host" if host else str(world.own)}
    return Subject(
        target=Target(name=name, root=str(world.repo), roots=roots),
        facts=Facts(),
        machine=world.machine,
        hub="team",
        canonical="canonical.yaml",
        spec={"name": name, "hooks": listed, **spec},
        sources={},
        document={},
    )


def _handlers(items: tuple[Item, ...]) -> dict[str, Handler]:
    found = {}
    for item in items:
        assert isinstance(item.value, Handler)
        found[str(item.address)] = item.value
    return found


def _own(*names: str, **more: Any) -> list[dict[str, Any]]:
    return [{"hook": name, "scope": "local", **more} for name in names]


LOCAL = "api:.claude/settings.local.json#hook:"


def test_one_blocking_and_one_async_handler_per_event(world: World) -> None:
    subject = _subject(
        world,
        {
            "PreToolUse": _own("context-monitor"),
            "PostToolUse": _own("output-monitor", "dora-tracker"),
            "Stop": _own("session-summary"),
            "SessionEnd": _own("session-summary"),
            "Notification": [],
        },
    )
    found = _handlers(hooks.render(subject))
    assert set(found) == {
        f"{LOCAL}PreToolUse/hubctl",
        f"{LOCAL}PostToolUse/hubctl",
        f"{LOCAL}PostToolUse/hubctl-async",
        f"{LOCAL}Stop/hubctl",
        f"{LOCAL}SessionEnd/hubctl",
    }
    assert found[f"{LOCAL}PostToolUse/hubctl"].matcher == "Bash|Glob|Grep|Read"
    assert found[f"{LOCAL}PostToolUse/hubctl-async"].matcher == "Bash"
    assert found[f"{LOCAL}PreToolUse/hubctl"].matcher == ""
    for address, handler in found.items():
        assert handler.ours and handler.entry["type"] == "command"
        assert handler.entry.get("async", False) == address.endswith("async")
        assert own_id(handler.entry) == address.rpartition("/")[2]
        assert "onFailure" not in handler.entry
        assert 5 <= int(str(handler.entry["timeout"])) <= 60


def test_the_text_says_nothing_about_the_target(world: World) -> None:
    listed = {"PreToolUse": _own("context-monitor")}
    api = _subject(world, listed)
    web = replace(api, target=Target(name="web", root="/elsewhere"))
    host = _subject(world, {"PreToolUse": _own("context-monitor", scope="host")}, host=True)
    entries = [
        handler.entry
        for subject in (api, web, host)
        for handler in _handlers(hooks.render(subject)).values()
    ]
    assert len(entries) == 3 and entries[0] == entries[1] == entries[2]


SCOPES = [
    ("local", False, True, (".claude/settings.local.json", Scope.LOCAL)),
    ("project", False, True, (".claude/settings.json", Scope.COMMITTED)),
    ("project", False, False, (".claude/settings.local.json", Scope.LOCAL)),
    ("host", True, True, (".claude/settings.json", Scope.LOCAL)),
    ("host", False, True, None),
    ("local", True, True, None),
]


@pytest.mark.parametrize(("scope", "host", "commit", "place"), SCOPES)
def test_scopes_decide_the_file(
    world: World, scope: str, host: bool, commit: bool, place: tuple[str, Scope] | None
) -> None:
    handler = {"type": "command", "command": "make check"}
    entry = [*_own("context-monitor", scope=scope), {"handler": handler, "scope": scope}]
    subject = _subject(world, {"PreToolUse": entry}, host=host, commit=commit)
    items = hooks.render(subject)
    assert [(item.address.path, item.scope) for item in items] == ([place] * 2 if place else [])


def test_committed_handlers_name_nothing_of_this_machine(world: World) -> None:
    subject = _subject(world, {"PreToolUse": _own("context-monitor", scope="project")})
    (handler,) = _handlers(hooks.render(subject)).values()
    text = json.dumps(handler.entry)
    assert str(world.root) not in text and world.machine.interpreter not in text
    assert own_id(handler.entry) == "hubctl"


def test_the_users_own_handlers_are_rendered_word_for_word(world: World) -> None:
    declared = [
        {"type": "command", "command": "make check", "timeout": 30, "x-new": [1]},
        {"type": "http", "url": "https://example.com/h", "headers": {"A": "$TOKEN"}},
        {"type": "prompt", "prompt": "Is it fine?"},
        {"type": "agent", "prompt": "Look."},
        {"type": "mcp_tool", "server": "s", "tool": "t", "input": {}},
    ]
    listed = [{"handler": one, "matcher": "Bash", "scope": "local"} for one in declared]
    items = hooks.render(_subject(world, {"PreToolUse": [*listed, listed[0]]}))
    values = [item.value for item in items]
    assert values == [Handler(matcher="Bash", entry=one) for one in declared]
    assert len({item.address for item in items}) == len(declared)
    assert [item.sensitive for item in items] == [False, True, False, False, False]
    assert {item.spec for item in items} == {("hooks", "PreToolUse")}


def test_one_handler_under_two_matchers_has_both(world: World) -> None:
    handler = {"type": "command", "command": "make check"}
    listed = [{"handler": handler, "matcher": one, "scope": "local"} for one in ("Bash", "Write")]
    (item,) = hooks.render(_subject(world, {"PreToolUse": listed}))
    assert item.value == Handler(matcher="Bash|Write", entry=handler)


def _enabled(*tools: tuple[str, ...], event: str = "PreToolUse") -> tuple[Enabled, ...]:
    row = registry.HOOKS[0]
    return tuple(
        Enabled(hook=row._replace(tools=one), event=event, scope="local", lane="open", options={})
        for one in tools
    )


UNIONS = [
    ([("Bash",)], "Bash"),
    ([("Write", "Edit"), ("Bash", "Edit")], "Bash|Edit|Write"),
    ([("Bash",), ()], ""),
    ([("mcp__db__*",)], "^(mcp__db__.*)$"),
    ([("mcp__db__*",), ("Edit",)], "^(Edit|mcp__db__.*)$"),
]


@pytest.mark.parametrize(("tools", "matcher"), UNIONS)
def test_the_matcher_is_the_union(tools: list[tuple[str, ...]], matcher: str) -> None:
    assert hooks.matcher_of(_enabled(*tools)) == matcher


def test_an_event_without_tools_has_no_matcher() -> None:
    assert hooks.matcher_of(_enabled(("Bash",), event="Stop")) == ""


@pytest.fixture
def closed_guard(monkeypatch: pytest.MonkeyPatch) -> registry.Hook:
    """The table with one hook that refuses when it fails."""
    row = registry.HOOKS[0]._replace(
        id="guard",
        events=("PreToolUse", "PostToolUse", "Stop"),
        tools=("Bash",),
        on_error=registry.CLOSED,
        deadline=4.5,
        observing=False,
    )
    monkeypatch.setattr(registry, "HOOKS", (*registry.HOOKS, row))
    return row


@pytest.mark.usefixtures("closed_guard")
def test_a_closed_hook_makes_its_handler_closed(world: World) -> None:
    subject = _subject(world, {"PreToolUse": _own("context-monitor", "guard")})
    (handler,) = _handlers(hooks.render(subject)).values()
    assert handler.entry["onFailure"] == "block"
    assert handler.entry["timeout"] == 8
    assert {row.lane for row in enabled(subject)} == {"closed"}
    text = str(handler.entry["command"])
    assert '"permissionDecision":"deny"' in text and text.endswith("exit 2")


@pytest.mark.usefixtures("closed_guard")
@pytest.mark.parametrize(("event", "scope"), [("Stop", "local"), ("PreToolUse", "project")])
def test_nobody_is_locked_out_where_that_would_loop_or_hit_others(
    world: World, event: str, scope: str
) -> None:
    subject = _subject(world, {event: _own("guard", scope=scope)})
    (handler,) = _handlers(hooks.render(subject)).values()
    assert "onFailure" not in handler.entry


def test_an_observer_is_waited_for_where_the_session_ends(world: World) -> None:
    subject = _subject(
        world, {"SessionEnd": _own("session-summary"), "Stop": _own("session-summary")}
    )
    lanes = {row.event: row.lane for row in enabled(subject)}
    assert lanes == {"SessionEnd": "open", "Stop": "open"}


def test_the_registry_fits_its_schema_and_decides_every_option(world: World) -> None:
    listed = {
        "PreToolUse": _own("context-monitor", options={"warning": 50}),
        "PostToolUse": _own("dora-tracker", "output-monitor"),
    }
    (item,) = hook_registry.render(_subject(world, listed))
    assert str(item.address) == "api:@state/registry.json" and item.scope is Scope.LOCAL
    assert isinstance(item.value, FileText)
    document = json.loads(item.value.text)
    jsonschema.validate(document, SCHEMA)
    (row,) = document["events"]["PreToolUse"]
    known = registry.find("context-monitor")
    assert known and row["options"] == {**known.options, "warning": 50}
    assert [one["id"] for one in document["events"]["PostToolUse"]] == [
        "output-monitor",
        "dora-tracker",
    ]
    assert hook_registry.render(_subject(world, listed)) == (item,)


def test_without_hooks_there_is_nothing(world: World) -> None:
    handler = [{"handler": {"type": "command", "command": "x"}, "scope": "local"}]
    for listed in ({}, {"PreToolUse": []}, {"PreToolUse": handler}):
        subject = _subject(world, listed)
        assert hook_registry.render(subject) == hook_link.render(subject) == ()


def test_the_link_leads_to_the_release(world: World) -> None:
    (item,) = hook_link.render(_subject(world, {"PreToolUse": _own("context-monitor")}))
    assert str(item.address) == "api:.claude/hooks/hubctl"
    assert item.value == LinkTo(destination=world.machine.release)
    assert item.scope is Scope.LOCAL
    host = _subject(world, {"PreToolUse": _own("context-monitor", scope="host")}, host=True)
    assert hook_link.render(host) == () and len(hook_registry.render(host)) == 1


FINDINGS = [
    ({"PreToolUse": _own("context-montior")}, "hooks/unknown", "context-monitor?", 1),
    ({"PreToolUse": _own("zzz")}, "hooks/unknown", "dora-tracker", 1),
    ({"Stop": _own("context-monitor")}, "hooks/wrong-event", "PreToolUse", 1),
    ({"PreToolUse": _own("context-monitor", options={"warning": "x"})}, "hooks/option", "", 2),
    ({"PreToolUse": _own("context-monitor", options={"colour": 1})}, "hooks/option", "", 2),
    ({"PreToolUse": _own("context-monitor", options={"warning": 101})}, "hooks/option", "", 2),
]


@pytest.mark.parametrize(("listed", "rule", "hint", "code"), FINDINGS)
def test_what_is_wrong_with_the_list_is_found(
    world: World, listed: dict[str, Any], rule: str, hint: str, code: int
) -> None:
    (found,) = hook_findings(_subject(world, listed))
    assert (found.rule, found.exit_code) == (rule, code)
    assert hint in found.hint
    assert found.path.startswith(f"hooks.{next(iter(listed))}[0]")


@pytest.mark.parametrize(("client", "taken"), [("2.1.218", False), ("2.1.219", True), ("3", True)])
def test_what_the_oldest_client_does_not_know_is_left_out_and_told(
    world: World, client: str, taken: bool
) -> None:
    listed = {"DirectoryAdded": _own("protected-paths"), "PreToolUse": _own("protected-paths")}
    subject = replace(_subject(world, listed), document={"hub": {"client": client}})
    events = {"PreToolUse", "DirectoryAdded"} if taken else {"PreToolUse"}
    assert {row.event for row in enabled(subject)} == events
    assert [item.address.name.partition("/")[0] for item in hooks.render(subject)] == sorted(events)
    found = [finding.rule for finding in hook_findings(subject)]
    assert found == ([] if taken else ["hooks/newer-event"])


@pytest.mark.parametrize(("client", "told"), [("2.1.294", False), ("2.1.295", True), ("", True)])
def test_a_client_is_told_of_failures_once_it_understands(
    world: World, client: str, told: bool
) -> None:
    listed = _subject(world, {"PreToolUse": _own("git-safety-check")})
    subject = replace(listed, document={"hub": {"client": client}})
    (handler,) = _handlers(hooks.render(subject)).values()
    assert ("onFailure" in handler.entry) == told


def test_a_right_list_has_no_findings(world: World) -> None:
    listed = {hook.events[0]: _own(hook.id, options=hook.options) for hook in registry.HOOKS}
    handler = {"handler": {"type": "command", "command": "x"}, "scope": "local"}
    assert hook_findings(_subject(world, {**listed, "Setup": [handler]})) == ()


def test_the_later_entry_of_one_hook_wins(world: World) -> None:
    twice = [
        *_own("context-monitor", options={"warning": 50}),
        *_own("Context_Monitor.py", options={"warning": 70}),
    ]
    (row,) = enabled(_subject(world, {"PreToolUse": twice}))
    assert row.options["warning"] == 70


def test_what_is_rendered_really_runs(world: World) -> None:
    subject = _subject(world, {"PostToolUse": _own("output-monitor", "dora-tracker")})
    (item,) = hook_registry.render(subject)
    assert isinstance(item.value, FileText)
    path = world.own / "registry.json"
    path.write_text(item.value.text)
    found = _handlers(hooks.render(subject))
    text = event_text(
        "PostToolUse",
        tool_name="Bash",
        tool_input={"command": "git commit -m x"},
        tool_response={"stdout": "[main 1a2b3c4] x\n" + "y" * 20_000},
    )
    blocking = found[f"{LOCAL}PostToolUse/hubctl"].entry
    answer = world.start(["/bin/sh", "-c", str(blocking["command"])], text)
    assert answer.code == 0 and answer.context.startswith("Context debt")
    observing = found[f"{LOCAL}PostToolUse/hubctl-async"].entry
    answer = world.start(["/bin/sh", "-c", str(observing["command"])], text)
    assert (answer.code, answer.stdout) == (0, "")
    samples = [record["samples"] for record in world.records()]
    assert samples[1] == [{"name": "dora.commit", "program": "git", "commit": "1a2b3c4"}]


OURS = json.loads(read_shipped("schemas/hook-owned.schema.json"))


def _ours(subject: Subject) -> dict[str, Any]:
    found = {item.address.path: item.value for item in render(subject)}
    value = found.get("@state/owned.json")
    if value is None:
        return {}
    assert isinstance(value, FileText)
    document: dict[str, Any] = json.loads(value.text)
    jsonschema.validate(document, OURS)
    files: dict[str, Any] = document["files"]
    return files


def test_what_is_ours_is_listed_where_a_hook_reads_it(world: World) -> None:
    settings = {"model": "sonnet", "env": {"TOKEN": "abc"}}
    plain = _subject(world, {"PreToolUse": _own("context-monitor")}, settings=settings)
    assert _ours(plain) == {}
    guarded = _subject(world, {"PreToolUse": _own("protected-paths")}, settings=settings)
    files = _ours(guarded)
    assert files[".claude/settings.json"] == {"/env/TOKEN": {}, "/model": {"value": "sonnet"}}
    assert list(files[".claude/settings.local.json"]) == ["hook:PreToolUse/hubctl"]
    assert files[".claude/hooks/hubctl"] == {"": {}}
    assert not any(path.startswith("@state") for path in files)


def test_of_the_host_what_is_ours_has_its_place_on_the_machine(world: World) -> None:
    listed = {"PreToolUse": _own("protected-paths", scope="host")}
    host = _subject(world, listed, host=True, settings={"model": "sonnet"})
    assert list(_ours(host)) == [f"{world.repo}/.claude/settings.json"]


def test_only_the_registry_brings_the_list_with_it(world: World) -> None:
    subject = _subject(world, {"PreToolUse": _own("protected-paths")})
    paths = {
        only: {item.address.path for item in render(subject, only)}
        for only in ("hooks", "hook-registry")
    }
    assert "@state/owned.json" in paths["hook-registry"]
    assert "@state/owned.json" not in paths["hooks"]
