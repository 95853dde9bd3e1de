from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from hubctl.errors import OperationError, UsageError
from hubctl.model.finding import Location, Severity
from hubctl.system import systemd
from hubctl.system.services import HostUnits, UnitStates, missing_finding, services_of
from tests.units.fakes import FakeRunner

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a running user manager looks like from outside."""
    path = tmp_path / "systemd/private"
    path.parent.mkdir()
    path.touch()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return path


@pytest.fixture
def no_manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return tmp_path


@pytest.mark.usefixtures("socket")
def test_states_of_many_units_take_two_processes() -> None:
    runner = FakeRunner(
        {
            "list-unit-files": (0, "b.service masked enabled\na.timer  enabled  -\n", ""),
            "show": (
                0,
                "LoadState=loaded\nActiveState=active\n\n"
                "LoadState=masked\nActiveState=failed\n\n"
                "LoadState=not-found\nActiveState=inactive\n",
                "",
            ),
        }
    )
    states = systemd.unit_states(["a.timer", "b.service", "c.service"], runner=runner)
    assert states == {
        "a.timer": UnitStates(enabled="enabled", active="active"),
        "b.service": UnitStates(enabled="masked", active="failed"),
        "c.service": UnitStates(enabled="", active=""),
    }
    assert len(runner.calls) == 2


@pytest.mark.usefixtures("socket")
def test_nothing_to_ask_asks_nothing() -> None:
    runner = FakeRunner()
    assert systemd.unit_states([], runner=runner) == {}
    assert runner.calls == []


@pytest.mark.usefixtures("socket")
def test_newer_versions_exit_1_where_no_unit_file_matches() -> None:
    shown = "LoadState=not-found\nActiveState=inactive\n"
    runner = FakeRunner({"list-unit-files": (1, "", ""), "show": (0, shown, "")})
    states = systemd.unit_states(["a.timer"], runner=runner)
    assert states == {"a.timer": UnitStates(enabled="", active="")}


@pytest.mark.usefixtures("socket")
@pytest.mark.parametrize("verb", ["list-unit-files", "show"])
def test_a_manager_that_does_not_answer(verb: str) -> None:
    runner = FakeRunner({verb: (1, "", "Failed to connect to bus:\n gone\n")})
    with pytest.raises(OperationError, match="gives no answer: Failed to connect to bus: gone"):
        systemd.unit_states(["a.timer"], runner=runner)


@pytest.mark.usefixtures("socket")
@pytest.mark.parametrize(
    ("prop", "state", "verb"),
    [
        ("enabled", "enabled", "enable"),
        ("enabled", "disabled", "disable"),
        ("enabled", "", "disable"),
        ("active", "active", "start"),
        ("active", "inactive", "stop"),
        ("active", "", "stop"),
    ],
)
def test_set_state(prop: str, state: str, verb: str) -> None:
    runner = FakeRunner()
    systemd.set_state("a.timer", prop, state, runner=runner)
    assert runner.calls == [("systemctl", "--user", verb, "--", "a.timer")]


@pytest.mark.usefixtures("socket")
@pytest.mark.parametrize(
    ("prop", "state", "answer"),
    [
        ("enabled", "disabled", (1, "", "Failed to disable unit: Unit file a does not exist.")),
        ("active", "inactive", (5, "", "Failed to stop a.timer: Unit a.timer not loaded.")),
    ],
)
def test_turning_off_what_is_gone(prop: str, state: str, answer: tuple[int, str, str]) -> None:
    verb = "disable" if prop == "enabled" else "stop"
    systemd.set_state("a.timer", prop, state, runner=FakeRunner({verb: answer}))


@pytest.mark.usefixtures("socket")
@pytest.mark.parametrize(
    ("prop", "state", "verb"),
    [("enabled", "enabled", "enable"), ("active", "active", "start"), ("active", "", "stop")],
)
def test_a_refusal_names_verb_unit_and_reason(prop: str, state: str, verb: str) -> None:
    runner = FakeRunner({verb: (1, "", "Unit is masked.")})
    with pytest.raises(OperationError, match=f"could not {verb} a.timer: Unit is masked") as caught:
        systemd.set_state("a.timer", prop, state, runner=runner)
    assert "status a.timer" in caught.value.hint


@pytest.mark.usefixtures("socket")
def test_a_state_that_nobody_can_bring_about() -> None:
    runner = FakeRunner()
    with pytest.raises(UsageError, match="'masked'"):
        systemd.set_state("a.timer", "enabled", "masked", runner=runner)
    assert runner.calls == []


@pytest.mark.usefixtures("socket")
@pytest.mark.parametrize("name", ["--now", "a", "../a.timer", "*.timer", "a b.timer", "a.timer\n"])
def test_names_that_are_none_never_reach_systemctl(name: str) -> None:
    runner = FakeRunner()
    with pytest.raises(UsageError, match="not the name of a unit"):
        systemd.set_state(name, "active", "active", runner=runner)
    with pytest.raises(UsageError, match="not the name of a unit"):
        systemd.unit_states([name], runner=runner)
    with pytest.raises(UsageError, match="not the name of a unit"):
        systemd.verify({name: ""}, runner=runner)
    assert runner.calls == []


@pytest.mark.usefixtures("socket")
def test_reload_restarts_running_services_whose_file_changed() -> None:
    shown = "\n".join(
        f"ActiveState={active}\nNeedDaemonReload={stale}\n"
        for active, stale in [("active", "yes"), ("active", "no"), ("activating", "yes")]
    )
    runner = FakeRunner({"show": (0, shown, "")})
    systemd.daemon_reload(["a.service", "b.service", "c.timer", "d.service"], runner=runner)
    assert [call[2:] for call in runner.calls[1:]] == [
        ("daemon-reload",),
        ("try-restart", "--", "a.service"),
    ]
    assert "c.timer" not in runner.calls[0]


@pytest.mark.usefixtures("socket")
def test_a_socket_whose_file_changed_is_restarted_with_its_service() -> None:
    shown = "\n".join(["ActiveState=active\nNeedDaemonReload=yes\n"] * 2)
    runner = FakeRunner({"show": (0, shown, "")})
    systemd.daemon_reload(["a.socket", "c.timer"], runner=runner)
    assert runner.calls[0][-2:] == ("a.socket", "a.service")
    assert runner.calls[-1][2:] == ("try-restart", "--", "a.socket", "a.service")


@pytest.mark.usefixtures("socket")
def test_a_reload_that_fails() -> None:
    runner = FakeRunner({"daemon-reload": (1, "", "no")})
    with pytest.raises(OperationError, match="could not reload the unit files: no"):
        systemd.daemon_reload(runner=runner)


def test_without_a_manager_no_process_is_started(no_manager: Path) -> None:
    reason = f"no user manager is running here ({no_manager}/systemd/private does not exist)"
    assert systemd.missing() == reason
    runner = FakeRunner()
    with pytest.raises(OperationError, match="no user manager is running here"):
        systemd.unit_states(["a.timer"], runner=runner)
    with pytest.raises(OperationError, match="no user manager is running here"):
        systemd.set_state("a.timer", "active", "active", runner=runner)
    with pytest.raises(OperationError, match="no user manager is running here"):
        systemd.daemon_reload(runner=runner)
    assert runner.calls == []


def test_without_a_manager_the_engine_gets_a_note_and_no_states(no_manager: Path) -> None:
    finding = missing_finding(services_of("linux"))
    assert finding is not None
    assert (finding.severity, finding.exit_code) == (Severity.NOTE, 0)
    assert finding.message == (
        f"no user manager is running here ({no_manager}/systemd/private does not exist); "
        "unit files are written, states are not checked"
    )
    units = HostUnits(services=services_of("linux"), names=("a.timer",))
    assert units.observed() == {}
    units.reload()


def test_without_a_runtime_folder_the_usual_one_is_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 4_000_000_000)
    assert "/run/user/4000000000/systemd/private" in systemd.missing()


def test_a_manager_that_runs_needs_no_finding(socket: Path) -> None:
    assert systemd.missing() == ""
    assert missing_finding(services_of("linux")) is None
    socket.unlink()
    assert missing_finding(services_of("linux")) is not None


SERVICE = "[Service]\nType=oneshot\nExecStart=/bin/true\n"
BAD = [
    (SERVICE + "MemoryMax=30X\n", 4, "Invalid memory limit"),
    (SERVICE + "CPUQuota=10\n", 4, "Invalid CPU quota"),
    (SERVICE + "Unknown=1\n", 4, "Unknown key"),
    (SERVICE + "Restart=always\n", 0, "Restart= set to either always or on-success"),
    ("[Service]\nExecStart=/nowhere/x\n", 0, "is not executable"),
]


@pytest.mark.usefixtures("systemd_analyze")
@pytest.mark.parametrize(("text", "line", "message"), BAD)
def test_verify_reports_what_systemd_prints(text: str, line: int, message: str) -> None:
    findings = systemd.verify({"hubctl-team-a.service": text, "good.service": SERVICE})
    assert findings
    first = findings[0]
    assert first.location == Location(file="hubctl-team-a.service", line=line)
    assert message in first.message
    assert (first.severity, first.exit_code) == (Severity.ERROR, 3)


@pytest.mark.usefixtures("systemd_analyze")
def test_verify_looks_at_the_given_files_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    units = tmp_path / "systemd/user"
    units.mkdir(parents=True)
    (units / "other.service").write_text("[Service]\nNonsense=1\nExecStart=/nowhere\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    text = f"[Unit]\nWants=other.service\nAfter=other.service\n{SERVICE}"
    assert systemd.verify({"a.service": text}) == ()


OTHERS = """\
/usr/lib/systemd/user/gpg-agent.socket:6: Failed to parse address value: File name too long
gpg-agent.socket: Cannot add dependency job, ignoring: Unit gpg-agent.socket has a bad unit file
"""


@pytest.mark.parametrize("code", [0, 1])
def test_broken_units_of_the_system_are_not_held_against_ours(code: int) -> None:
    runner = FakeRunner({"verify": (code, "", OTHERS)})
    assert systemd.verify({"a.service": SERVICE}, runner=runner) == ()
    ours = "a.service: Command /bin/no is not executable\nsomething else is wrong\n"
    runner = FakeRunner({"verify": (code, "", OTHERS + ours)})
    told = [finding.message for finding in systemd.verify({"a.service": SERVICE}, runner=runner)]
    assert told == [
        "systemd says: Command /bin/no is not executable",
        "systemd says: something else is wrong",
    ]


def test_verify_where_there_is_no_systemd() -> None:
    (finding,) = systemd.verify({"a.service": SERVICE}, runner=FakeRunner(missing=True))
    assert finding.severity is Severity.NOTE
    assert finding.message.startswith("unit files are not checked by systemd: systemd-analyze")


def test_verify_of_nothing_starts_nothing() -> None:
    runner = FakeRunner()
    assert systemd.verify({}, runner=runner) == ()
    assert runner.calls == []


def test_a_failure_without_words_is_still_a_failure() -> None:
    runner = FakeRunner({"verify": (1, "", "")})
    (finding,) = systemd.verify({"a.service": SERVICE}, runner=runner)
    assert "exit code 1" in finding.message


@pytest.mark.usefixtures("systemd_analyze")
def test_calendar() -> None:
    runs = systemd.calendar("2031-01-01,2 10:00 UTC", 2)
    assert [run[:20] for run in runs] == ["Wed 2031-01-01 10:00", "Thu 2031-01-02 10:00"]
    with pytest.raises(UsageError, match="not a calendar expression: 'often': "):
        systemd.calendar("often")
