"""The real process is killed at any moment; the next one puts everything in order by itself."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time

import pytest

from tests.support.cli import LOCK, MODEL, SETTINGS, Account, changes, tree

NAMES = ("api", "web", "ops", "docs")
SECONDS = 8.0  # for all rounds together


def canonical(model):
    rows = "".join(
        f"  {name}:\n    path: ~/src/{name}\n    conventions: [Use {model}.]\n    overrides:\n"
        f"      settings: {{model: {model}}}\n      permissions: {{allow: [Bash({model} *)]}}\n"
        f"      rules: [house]\n      local: {{settings: {{x: {model}}}}}\n"
        for name in NAMES
    )
    return f"hub: {{name: acme}}\nrepositories:\n{rows}"


@pytest.fixture
def fleet(account):
    account.canonical(canonical("sonnet"))
    account.put("hub/rules/house.md", "Tidy up.\n" * 2000)
    for name in NAMES:
        account.repository(name, '{\r\n\t"theme": "dark"\r\n}\r\n')
        account.put(f"src/{name}/CLAUDE.md", "# Mine, no newline at the end")
    account.apply()
    return account


def settled(account):
    """Nothing differs, whatever else there is to say about it."""
    report = account.report("drift")
    assert (report["exit_code"], changes(report)) == (0, {})


def files(account):
    return tree(account.home / "src", without=())


# Runs apply with a timer that kills the process: the kill comes from the system, at a moment that
# Python does not choose. The timer starts when the journal begins, where a kill leaves most.
TIMED = """\
import signal, sys, time
from hubctl.cli.main import main
from hubctl.engine.journal import Journal
signal.signal(signal.SIGALRM, signal.SIG_DFL)
begin, started = Journal.begin, []
def begin_timed(*arguments):
    started.append(time.monotonic())
    signal.setitimer(signal.ITIMER_REAL, float(sys.argv[1]))
    return begin(*arguments)
Journal.begin = begin_timed
code = main(["apply", "--yes", "--quiet"])
print(time.monotonic() - started[0] if started else 0.0)
sys.exit(code)
"""


def timed(account, seconds):
    """Run apply with a time to live; how long it lived after its journal began, None if killed."""
    done = subprocess.run(
        [sys.executable, "-c", TIMED, f"{seconds:.6f}"],
        env=account.environment,
        cwd=account.hub,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, -signal.SIGALRM), done
    return None if done.returncode else float(done.stdout.splitlines()[-1])


def old_or_new(account, before, after):
    for path, found in files(account).items():
        if ".hubctl-" not in path and ".git/" not in path:
            assert found in (before.get(path), after.get(path)), path
    assert {path for path in before if path in after} <= set(files(account))


def test_a_killed_apply_leaves_old_or_new_and_the_next_one_finishes(fleet):
    before = files(fleet)
    fleet.canonical(canonical("opus"))
    whole = timed(fleet, 60)
    after = files(fleet)
    chance, opened = random.Random(7), 0
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        fleet.ok("rollback", "--yes")
        assert files(fleet) == before
        timed(fleet, chance.uniform(0.0001, whole))
        old_or_new(fleet, before, after)
        report = fleet.report("drift")
        is_open = "journal/open" in [finding["rule"] for finding in report["findings"]]
        opened += is_open
        assert (report["exit_code"] == 3) == is_open
        fleet.apply()
        assert files(fleet) == after
        settled(fleet)
    assert opened


def test_rollback_undoes_what_a_killed_apply_left(fleet):
    before = files(fleet)
    fleet.canonical(canonical("opus"))
    fleet.apply()
    after = files(fleet)
    open_again(fleet)
    assert fleet.report("drift")["exit_code"] == 3
    assert fleet.report("plan")["exit_code"] == 3
    ran = fleet.run("rollback", "--yes")
    assert ran.code == 0
    assert "undone first" in ran.err
    assert files(fleet) == before
    fleet.apply()
    assert files(fleet) == after


def open_again(account):
    """As if the process had died right before it marked the end of its run."""
    (newest,) = sorted(account.state.glob("*/journal/*"))[-1:]
    (newest / "done").unlink(missing_ok=True)


def test_work_done_after_the_kill_is_kept_and_told(fleet):
    fleet.canonical(canonical("opus"))
    fleet.apply()
    open_again(fleet)
    fleet.put("src/api/CLAUDE.md", "# Written after the crash\n")
    ran = fleet.run("apply", "--yes")
    assert fleet.shown(fleet.home / "src/api/CLAUDE.md") in ran.err
    assert fleet.read("src/api/CLAUDE.md").startswith(b"# Written after the crash\n")


def test_a_kill_while_recovering_is_recovered_from(fleet):
    fleet.canonical(canonical("opus"))
    fleet.apply()
    after = files(fleet)
    chance = random.Random(3)
    for _ in range(6):
        open_again(fleet)
        timed(fleet, chance.uniform(0.0001, 0.03))
    fleet.apply()
    assert files(fleet) == after
    assert fleet.report("drift")["exit_code"] == 0


def test_an_interrupt_ends_with_130_and_undoes_the_run(fleet, monkeypatch):
    """Control-C at every effect in turn would take long; every seventh will do."""
    before = files(fleet)
    fleet.canonical(canonical("opus"))
    from hubctl.system.files import RealFiles
    from hubctl.system.wrappers import CountingFiles

    def interrupt_at(step):
        def call(now, _name, _path):
            if now == step:
                raise KeyboardInterrupt

        return lambda: CountingFiles(RealFiles(), call)

    for step in range(1, 200, 7):
        with monkeypatch.context() as patch:
            patch.setattr("hubctl.fleet.world.RealFiles", interrupt_at(step))
            ran = fleet.run("apply", "--yes")
        if ran.code != 130:
            break
        assert "interrupted" in ran.err
        assert ran.out == ""
        if fleet.report("drift")["exit_code"] == 0:
            break  # the run had ended, all of it: only its journal was still being tidied up
        assert files(fleet) == before, step
        assert fleet.report("drift")["exit_code"] == 1
    assert step > 50
    fleet.apply()
    settled(fleet)


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_real_process_leaves_nothing_half_done(fleet, signal_number):
    before = files(fleet)
    fleet.canonical(canonical("opus"))
    code = f"""\
import os, signal, sys
# What runs in the background of a script has SIGINT ignored from the start.
signal.signal(signal.SIGINT, signal.default_int_handler)
from hubctl.cli.main import main
from hubctl.system.files import RealFiles
rename = RealFiles.rename
def at_once(self, source, destination, **how):
    if destination.endswith("CLAUDE.md") and "/ops/" in destination:
        os.kill(os.getpid(), {int(signal_number)})
    return rename(self, source, destination, **how)
RealFiles.rename = at_once
sys.exit(main(["apply", "--yes"]))
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=fleet.environment,
        cwd=fleet.hub,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (130, -signal_number)
    assert "Traceback" not in done.stderr
    if signal_number == signal.SIGTERM:
        fleet.ok("rollback", "--yes")  # nobody can undo anything while it is being terminated
    assert files(fleet) == before
    fleet.apply()
    settled(fleet)


def test_processes_started_at_once_take_turns(fleet):
    """Whoever waits plans in the world that the other one left."""
    for model in ("opus", "haiku", "sonnet"):
        fleet.canonical(canonical(model))
        running = [fleet.start("apply", "--yes") for _ in range(4)]
        codes = []
        for process in running:
            with process:
                _, err = process.communicate(timeout=60)
            codes.append(process.returncode)
            assert "Traceback" not in err
        assert set(codes) == {0}
        settled(fleet)
        for name in NAMES:
            assert json.loads(fleet.read(f"src/{name}/{SETTINGS}"))["model"] == model
    assert len(list(fleet.state.glob("*/journal/*"))) == 4


def test_a_lock_that_somebody_holds_is_told_with_its_process(fleet, monkeypatch):
    from hubctl.system.lock import writer_lock

    monkeypatch.setitem(writer_lock.__wrapped__.__kwdefaults__, "wait", 0.0)
    with writer_lock(str(fleet.state / "apply.lock")):
        for command in (("apply", "--yes"), ("drift", "--fix"), ("rollback", "--yes")):
            ran = fleet.run(*command)
            assert ran.code == 3
            assert f"process {os.getpid()}" in ran.err
        assert fleet.run("drift").code == 0
        assert fleet.run("plan").code == 0


def test_a_repository_that_is_removed_half_way_loses_only_itself(fleet, monkeypatch):
    from hubctl.system.files import RealFiles
    from hubctl.system.wrappers import CountingFiles

    def vanish(_step, name, path):
        if "/src/web/" in path and name in ("write", "mkdir", "link"):
            shutil.rmtree(fleet.home / "src/web", ignore_errors=True)

    fleet.canonical(canonical("opus"))
    with monkeypatch.context() as patch:
        patch.setattr("hubctl.fleet.world.RealFiles", lambda: CountingFiles(RealFiles(), vanish))
        ran = fleet.run("apply", "--yes", "--json")
    assert ran.code == 3
    outcomes = {outcome["target"]: outcome for outcome in ran.json["outcomes"]}
    assert outcomes["web"]["failed"]
    assert not any(outcomes[name]["failed"] for name in NAMES if name != "web")
    assert len([f for f in ran.json["findings"] if f["rule"] == "apply/failed"]) == 1
    assert not (fleet.home / "src/web" / LOCK).exists()
    assert fleet.report("drift")["exit_code"] == 1
    assert json.loads(fleet.read("src/docs/" + SETTINGS))["model"] == "opus"


def test_two_hubs_in_one_home_do_not_wait_for_each_others_locks_forever(fleet):
    other = Account(base=fleet.base / "other")
    other.canonical(MODEL)
    other.repository()
    first, second = fleet.start("apply", "--yes"), other.start("apply", "--yes")
    for process in (first, second):
        with process:
            process.communicate(timeout=60)
        assert process.returncode == 0
