"""Rendered units under a real user manager: they are taken, run, limited and told apart."""

from __future__ import annotations

import json
import os
import shutil
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from hubctl.errors import OperationError
from hubctl.system import systemd
from hubctl.system.services import HostUnits, UnitStates, services_of
from tests.support.user_manager import Pipe
from tests.units.subjects import files_of, host

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.support.user_manager import UserManager

SERVICE = "hubctl-team-job.service"
TIMER = "hubctl-team-job.timer"


@pytest.fixture
def pipe(tmp_path: Path) -> Iterator[Pipe]:
    found = Pipe(tmp_path / "pipe")
    yield found
    found.close()


@pytest.fixture
def install(manager: UserManager) -> Iterator[Callable[..., None]]:
    """Renders a unit called `job`, writes its files and reloads; takes all away at the end."""

    def write(**unit: Any) -> None:
        for name, text in files_of(host({"job": unit})).items():
            (manager.unit_dir / name).write_text(text, encoding="utf-8")
        reload(manager)

    yield write
    manager.systemctl("stop", "--", TIMER, SERVICE)
    manager.systemctl("reset-failed")
    shutil.rmtree(manager.unit_dir)
    manager.unit_dir.mkdir()
    manager.systemctl("daemon-reload")


def reload(manager: UserManager) -> None:
    systemd.daemon_reload([SERVICE, TIMER], runner=manager.runner)


def switch(manager: UserManager, name: str, prop: str, state: str) -> None:
    systemd.set_state(name, prop, state, runner=manager.runner)


def states(manager: UserManager, name: str) -> UnitStates:
    return systemd.unit_states([name], runner=manager.runner)[name]


def test_a_rendered_timer_fires_again_and_again(
    manager: UserManager, install: Callable[..., None], pipe: Pipe
) -> None:
    install(
        command=["/bin/sh", "-c", f"echo tick > {pipe.path}"], schedule="*:*:0/2", accuracy="50ms"
    )
    switch(manager, TIMER, "enabled", "enabled")
    switch(manager, TIMER, "active", "active")
    assert [pipe.line(20) for _ in range(2)] == ["tick", "tick"]
    assert states(manager, TIMER) == UnitStates(enabled="enabled", active="active")
    listed = manager.systemctl("list-timers", "--all", "--output=json", "--", TIMER).stdout
    (timer,) = json.loads(listed)
    assert (timer["unit"], timer["activates"]) == (TIMER, SERVICE)
    assert timer["last"] > 0


def test_an_interval_counts_from_the_start_of_the_timer(
    manager: UserManager, install: Callable[..., None], pipe: Pipe
) -> None:
    install(command=["/bin/sh", "-c", f"echo tick > {pipe.path}"], every="200ms", accuracy="1ms")
    switch(manager, TIMER, "active", "active")
    assert [pipe.line(20) for _ in range(3)] == ["tick"] * 3


def test_states_are_observed_and_brought_about(
    manager: UserManager, install: Callable[..., None]
) -> None:
    assert states(manager, TIMER) == UnitStates(enabled="", active="")
    install(command="/bin/true", schedule="daily")
    assert states(manager, TIMER) == UnitStates(enabled="disabled", active="inactive")
    switch(manager, TIMER, "enabled", "enabled")
    switch(manager, TIMER, "active", "active")
    assert states(manager, TIMER) == UnitStates(enabled="enabled", active="active")
    assert states(manager, SERVICE) == UnitStates(enabled="static", active="inactive")
    switch(manager, TIMER, "active", "inactive")
    assert states(manager, TIMER) == UnitStates(enabled="enabled", active="inactive")
    switch(manager, TIMER, "enabled", "disabled")
    assert states(manager, TIMER) == UnitStates(enabled="disabled", active="inactive")


def test_a_link_that_somebody_removed_is_seen_without_a_reload(
    manager: UserManager, install: Callable[..., None]
) -> None:
    install(command="/bin/true", schedule="daily")
    switch(manager, TIMER, "enabled", "enabled")
    switch(manager, TIMER, "active", "active")
    assert manager.shows(TIMER, "UnitFileState") == "enabled"
    (manager.unit_dir / "timers.target.wants" / TIMER).unlink()
    assert manager.shows(TIMER, "UnitFileState") == "enabled"  # what the manager remembers
    assert states(manager, TIMER).enabled == "disabled"


def test_a_masked_unit_is_told_and_not_forced(
    manager: UserManager, install: Callable[..., None]
) -> None:
    install(command="/bin/true", schedule="daily")
    manager.systemctl("mask", "--runtime", "--", TIMER)
    (manager.unit_dir / TIMER).rename(manager.unit_dir / "kept")
    try:
        reload(manager)
        assert states(manager, TIMER).enabled.startswith("masked")
        with pytest.raises(OperationError, match=f"could not start {TIMER}: .*masked"):
            switch(manager, TIMER, "active", "active")
    finally:
        manager.systemctl("unmask", "--runtime", "--", TIMER)
        (manager.unit_dir / "kept").unlink()


def test_units_whose_files_are_gone_can_be_turned_off(
    manager: UserManager, install: Callable[..., None]
) -> None:
    install(command="/bin/true", schedule="daily")
    switch(manager, TIMER, "enabled", "enabled")
    switch(manager, TIMER, "active", "active")
    (manager.unit_dir / TIMER).unlink()
    switch(manager, TIMER, "active", "inactive")
    switch(manager, TIMER, "enabled", "disabled")
    reload(manager)
    for prop in ("active", "enabled"):  # once more, now that nothing at all is left
        switch(manager, TIMER, prop, "")
    assert states(manager, TIMER) == UnitStates(enabled="", active="")
    assert not (manager.unit_dir / "timers.target.wants" / TIMER).is_symlink()


def test_the_engine_sees_every_state_by_its_address(
    manager: UserManager, install: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    install(command="/bin/true", schedule="daily")
    observe = partial(systemd.unit_states, runner=manager.runner)
    monkeypatch.setattr(systemd, "unit_states", observe)
    units = HostUnits(services=services_of("linux"), names=(TIMER, "hubctl-team-new.service"))
    assert units.observed() == {
        f"unit:{TIMER}#enabled": "disabled",
        f"unit:{TIMER}#active": "inactive",
        "unit:hubctl-team-new.service#enabled": "",
        "unit:hubctl-team-new.service#active": "",
    }


EATER = "import time; eaten = bytearray(200 << 20); eaten[::4096] = b'x' * len(eaten[::4096])"


@pytest.mark.parametrize(("limit", "status"), [("30M", "9"), ("", "0")])
def test_a_memory_limit_is_kept(
    manager: UserManager, install: Callable[..., None], limit: str, status: str
) -> None:
    if not manager.limits_memory():
        pytest.skip("no memory limits for sub-groups here")
    unit = {"memory_max": limit} if limit else {}
    install(command=[sys.executable, "-I", "-S", "-c", EATER], **unit)
    manager.systemctl("start", "--", SERVICE)
    assert manager.shows(SERVICE, "ExecMainStatus") == status  # the signal KILL, or exit code 0


def test_limits_arrive_as_written(manager: UserManager, install: Callable[..., None]) -> None:
    install(
        command="/bin/true",
        memory_max="1.5G",
        cpu_quota="12.5%",
        nice=7,
        timeout="1h 30min",
        restart="on-failure",
    )
    expected = {
        "MemoryMax": str(3 << 29),
        "CPUQuotaPerSecUSec": "125ms",
        "Nice": "7",
        "TimeoutStartUSec": "1h 30min",
        "Restart": "on-failure",
        "Type": "oneshot",
    }
    assert {prop: manager.shows(SERVICE, prop) for prop in expected} == expected


@pytest.mark.parametrize("persistent", [True, False])
def test_a_missed_run_is_made_up_where_it_shall_be(
    manager: UserManager, install: Callable[..., None], pipe: Pipe, persistent: bool
) -> None:
    command = ["/bin/sh", "-c", f"echo ran > {pipe.path}"]
    install(command=command, schedule="yearly", persistent=persistent)
    stamp = manager.home / f".local/share/systemd/timers/stamp-{TIMER}"
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.touch()
    os.utime(stamp, (1_000_000_000, 1_000_000_000))
    switch(manager, TIMER, "active", "active")
    if persistent:
        assert pipe.line(20) == "ran"
    assert (manager.shows(TIMER, "LastTriggerUSecMonotonic") not in ("", "0")) is persistent


def test_words_variables_and_folder_arrive_as_they_stand_in_canonical(
    manager: UserManager, install: Callable[..., None], tmp_path: Path
) -> None:
    folder = tmp_path / "work space 50% $HOME"
    folder.mkdir()
    out = tmp_path / "seen.json"
    code = (
        "import json, os, sys; kept = [sys.argv[2:], os.getcwd(),"
        " {k: v for k, v in os.environ.items() if k.startswith('HUB_')}];"
        " open(sys.argv[1], 'w').write(json.dumps(kept))"
    )
    words = [
        *("a b", "", "50%", "%h%%", "$HOME", "${HOME}", "$$", "$", "a$b", 'say "hi"', "it's", "'"),
        *("\\", "back\\slash", "C:\\", "\\n", "\\x41", ";", "&&", "|", "#no", "-", "@x", "+", "!"),
        *("{{x}}", "ünï", "日本", "~x", "a=b", "*", "[a]", "trailing ", " leading", "a;b", "\\;"),
    ]
    environment = {
        f"HUB_{number}": value
        for number, value in enumerate([*words, "$HUB_1 %u", 'a="b c" d', "x\\", " "])
    }
    command = [sys.executable, "-I", "-S", "-c", code, str(out), *words]
    install(command=command, environment=environment, working_directory=str(folder))
    done = manager.systemctl("start", "--", SERVICE)
    assert done.returncode == 0, done.stderr
    assert json.loads(out.read_text()) == [words, str(folder), environment]


def test_an_edited_service_is_restarted_by_the_reload(
    manager: UserManager, install: Callable[..., None], pipe: Pipe
) -> None:
    unit = {"type": "simple", "environment": {"PIPE": str(pipe.path)}}
    command = ["/bin/sh", "-c", 'echo "$0" > "$PIPE"; exec sleep infinity']
    install(command=[*command, "one"], **unit)
    switch(manager, SERVICE, "active", "active")
    assert pipe.line(20) == "one"
    reload(manager)  # nothing changed: it goes on
    running = manager.shows(SERVICE, "MainPID")
    install(command=[*command, "two"], **unit)
    assert pipe.line(20) == "two"
    assert manager.shows(SERVICE, "MainPID") != running
    assert states(manager, SERVICE) == UnitStates(enabled="disabled", active="active")


def test_an_edited_timer_counts_from_the_reload_on(
    manager: UserManager, install: Callable[..., None], pipe: Pipe
) -> None:
    command = ["/bin/sh", "-c", f"echo tick > {pipe.path}"]
    install(command=command, schedule="yearly")
    switch(manager, TIMER, "active", "active")
    install(command=command, schedule="*:*:*", accuracy="50ms")
    assert pipe.line(20) == "tick"
