from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from hubctl.errors import OperationError, UsageError
from hubctl.model.finding import Location, Severity
from hubctl.system import launchd
from hubctl.system.services import Services, UnitStates, missing_finding, services_of
from tests.units.fakes import FakeRunner

if TYPE_CHECKING:
    from pathlib import Path

DOMAIN = f"gui/{os.getuid()}"
LISTED = "PID\tStatus\tLabel\n-\t0\thubctl-team-a\n421\t0\tcom.apple.x\n-\t0\thubctl-team-gone\n"
DISABLED = 'disabled services = {\n\t"hubctl-team-b" => disabled\n\t"hubctl-team-a" => enabled\n}\n'


@pytest.fixture
def agents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of agents, with those of a and b."""
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / "Library/LaunchAgents"
    folder.mkdir(parents=True)
    for name in "ab":
        (folder / f"hubctl-team-{name}.plist").touch()
    return folder


def answering(disabled: str = DISABLED) -> FakeRunner:
    return FakeRunner({"list": (0, LISTED, ""), "print-disabled": (0, disabled, "")})


@pytest.mark.usefixtures("agents")
@pytest.mark.parametrize("disabled", [DISABLED, '{ "hubctl-team-b" => true "x" => false }'])
def test_states(disabled: str) -> None:
    runner = answering(disabled)
    names = ["hubctl-team-a", "hubctl-team-b", "hubctl-team-c", "hubctl-team-gone"]
    assert launchd.unit_states(names, runner=runner) == {
        "hubctl-team-a": UnitStates(enabled="enabled", active="active"),
        "hubctl-team-b": UnitStates(enabled="disabled", active="inactive"),
        "hubctl-team-c": UnitStates(enabled="", active=""),
        "hubctl-team-gone": UnitStates(enabled="enabled", active="active"),
    }
    assert len(runner.calls) == 2


def test_nothing_to_ask_asks_nothing() -> None:
    runner = FakeRunner()
    assert launchd.unit_states([], runner=runner) == {}
    assert runner.calls == []


@pytest.mark.parametrize("verb", ["list", "print-disabled"])
def test_a_launchd_that_does_not_answer(verb: str) -> None:
    runner = FakeRunner({verb: (1, "", "Could not find domain")})
    with pytest.raises(OperationError, match="gives no answer: Could not find domain"):
        launchd.unit_states(["hubctl-team-a"], runner=runner)


@pytest.mark.parametrize(
    ("prop", "state", "expected"),
    [
        ("enabled", "enabled", ["enable", f"{DOMAIN}/hubctl-team-a"]),
        ("enabled", "disabled", ["disable", f"{DOMAIN}/hubctl-team-a"]),
        ("enabled", "", ["disable", f"{DOMAIN}/hubctl-team-a"]),
        ("active", "active", ["bootstrap", DOMAIN, "{agents}/hubctl-team-a.plist"]),
        ("active", "inactive", ["bootout", f"{DOMAIN}/hubctl-team-a"]),
    ],
)
def test_set_state(agents: Path, prop: str, state: str, expected: list[str]) -> None:
    runner = FakeRunner()
    launchd.set_state("hubctl-team-a", prop, state, runner=runner)
    words = [word.format(agents=agents) for word in expected]
    assert runner.calls == [("/bin/launchctl", *words)]


@pytest.mark.parametrize("code", [3, 113])
def test_unloading_what_is_not_loaded(code: int) -> None:
    runner = FakeRunner({"bootout": (code, "", "Boot-out failed: No such process")})
    launchd.set_state("hubctl-team-a", "active", "inactive", runner=runner)
    assert len(runner.calls) == 1


@pytest.mark.parametrize(
    ("prop", "state", "verb"),
    [
        ("enabled", "enabled", "enable"),
        ("active", "active", "bootstrap"),
        ("active", "inactive", "bootout"),
    ],
)
def test_a_refusal_names_verb_and_reason(prop: str, state: str, verb: str) -> None:
    runner = FakeRunner({verb: (5, "", "Input/output error")})
    with pytest.raises(OperationError, match=f"could not {verb} .*: Input/output error"):
        launchd.set_state("hubctl-team-a", prop, state, runner=runner)


@pytest.mark.parametrize("label", ["", "-w", "../x", "a b", "a/b", "a\n"])
def test_labels_that_are_none_never_reach_launchctl(label: str) -> None:
    runner = FakeRunner()
    with pytest.raises(UsageError, match="not the label of a job"):
        launchd.set_state(label, "active", "active", runner=runner)
    with pytest.raises(UsageError, match="not the label of a job"):
        launchd.unit_states([label], runner=runner)
    assert runner.calls == []


def test_reload_loads_again_what_is_loaded_and_has_an_agent(agents: Path) -> None:
    runner = answering()
    names = ["hubctl-team-a", "hubctl-team-b", "hubctl-team-gone"]
    launchd.daemon_reload(names, runner=runner)
    assert [call[1:] for call in runner.calls] == [
        ("list",),
        ("bootout", f"{DOMAIN}/hubctl-team-a"),
        ("bootstrap", DOMAIN, f"{agents}/hubctl-team-a.plist"),
    ]


def test_reload_of_nothing_starts_nothing() -> None:
    runner = FakeRunner()
    launchd.daemon_reload(runner=runner)
    assert runner.calls == []


def test_verify() -> None:
    good = FakeRunner()
    assert launchd.verify({"a.plist": "<plist/>"}, runner=good) == ()
    assert good.inputs == ["<plist/>"]
    bad = FakeRunner({"-lint": (1, "", "<stdin>: Unexpected EOF\n")})
    (finding,) = launchd.verify({"a.plist": "<plist"}, runner=bad)
    assert finding.location == Location(file="a.plist")
    assert finding.message == "plutil says: <stdin>: Unexpected EOF"
    (missing,) = launchd.verify({"a.plist": "", "b.plist": ""}, runner=FakeRunner(missing=True))
    assert missing.severity is Severity.NOTE


def test_the_door_of_macos_says_where_launchd_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launchd, "LAUNCHCTL", "/nowhere/launchctl")
    services: Services = services_of("darwin")
    finding = missing_finding(services)
    assert finding is not None
    assert "/nowhere/launchctl does not exist" in finding.message
    monkeypatch.setattr(launchd, "LAUNCHCTL", "/bin/sh")
    assert missing_finding(services) is None
