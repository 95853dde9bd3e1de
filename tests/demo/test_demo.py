"""The whole demo: it says what it does, takes back what it did, and touches nothing else."""

from __future__ import annotations

import json
import subprocess
import sys

from hubctl.demo import STEPS
from hubctl.demo.repositories import REPOSITORIES
from hubctl.system.background import get
from tests.demo.conftest import play, surroundings
from tests.support.workbench import snapshot


def test_it_runs_to_its_end_with_nothing_but_git(finished):
    assert (finished.done.returncode, finished.done.stderr) == (0, "")
    commands = [
        line.removeprefix("  $ ")
        for line in finished.done.stdout.splitlines()
        if line.startswith("  $ ")
    ]
    assert commands == [
        "hubctl validate",
        "hubctl plan",
        "hubctl apply --yes",
        "git -C ~/src/nautilus_dev diff -U1 .claude/settings.json",
        "hubctl plan --check",
        "hubctl drift --blame",
        "hubctl drift --fix",
        "hubctl rollback --yes",
        "hubctl rollback --yes",
        "hubctl apply --yes --quiet",
        "hubctl usage week",
        "hubctl report weekly --output weekly.html",
        "hubctl report dora --output dora.html",
        "hubctl dashboard --detach --idle 15",
    ]


def test_it_tells_what_it_found_and_where_it_lies(finished):
    told = finished.done.stdout
    assert "Drift: 2 drifted, 1 missing; 1 note;" in told
    assert "Drift: none; 1 note;" in told
    assert "as it was before hubctl ever ran" in told
    assert f"{finished.home}/enter" in told


def test_it_stays_plain_where_stdout_is_no_terminal(finished):
    assert "\x1b" not in finished.done.stdout
    assert max(map(len, finished.done.stdout.splitlines())) < 120


def test_one_repository_of_the_plan_stands_in_full_and_the_others_are_folded(finished):
    told = finished.done.stdout
    assert "    n8n_dev  ~/src/n8n_dev  0 in sync\n" in told
    assert "more lines: hubctl plan utxoracle\n" in told
    assert "~/src/utxoracle  0 in sync" not in told


def test_after_the_rollback_everything_stands_as_it_was_built(built, rolled_back):
    assert made_by_people(rolled_back.home) == made_by_people(built.home)
    assert any(path.endswith(".claude/settings.json") for path in made_by_people(built.home))


def made_by_people(home):
    """All but hubctl's own folders, the entrances (which name the folder), and git's records."""
    ours = (".local", ".cache", "bin", "enter", "env.sh")
    return {
        path: entry
        for path, entry in snapshot(home).items()
        if not path.startswith(ours) and ("/.git/" not in path or path.endswith("/info/exclude"))
    }


def test_the_home_of_whoever_runs_it_is_not_touched(built, finished):
    for played in (built, finished):
        assert played.done.returncode == 0
        assert list(played.outside.iterdir()) == []


def test_nothing_is_written_beside_its_folder(finished):
    assert {path.name for path in finished.home.parent.iterdir()} == {"demo", "outside"}


def test_only_its_owner_may_look_into_it(built):
    assert built.home.stat().st_mode & 0o077 == 0


def test_repositories_are_real_and_clean(built):
    for repository in REPOSITORIES:
        done = built.run("git", "-C", f"../src/{repository.name}", "status", "--porcelain")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_every_hand_made_json_can_be_parsed():
    texts = [
        repository.data(path)
        for repository in REPOSITORIES
        for path, content in repository.tree.items()
        if path.endswith(".json") and isinstance(content, str)
    ]
    assert len(texts) > 4
    assert all(isinstance(json.loads(text), dict) for text in texts)


def test_it_can_be_stopped_after_a_step(built):
    headings = [line for line in built.done.stdout.splitlines() if line.startswith("──")]
    assert [heading.split()[1] for heading in headings] == ["1"]
    assert not (built.home / "src/n8n_dev/.claude/hooks").exists()
    assert "build" in STEPS


def test_without_keep_the_folder_is_removed(tmp_path):
    played = play(tmp_path, "--until", "build", "--no-keep", folder=False)
    assert played.done.returncode == 0
    assert f"Everything happens in {tmp_path}/hubctl-demo-" in " ".join(played.done.stdout.split())
    assert [path.name for path in tmp_path.iterdir()] == ["outside"]


def test_with_keep_the_temporary_folder_stays(tmp_path):
    play(tmp_path, "--until", "build", folder=False)
    [home] = tmp_path.glob("hubctl-demo-*")
    assert (home / "hub/canonical.yaml").is_file()


def test_a_folder_with_something_in_it_is_refused_and_left_alone(tmp_path):
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo/mine").write_text("mine\n")
    played = play(tmp_path, "--no-keep")
    assert played.done.returncode == 2
    assert "is not empty" in played.done.stderr
    assert (tmp_path / "demo/mine").read_text() == "mine\n"


def test_a_file_in_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "demo").write_text("mine\n")
    played = play(tmp_path)
    assert (played.done.returncode, played.done.stdout) == (2, "")
    assert "is a file" in played.done.stderr


def test_without_git_it_says_so_and_keeps_what_there_is(tmp_path):
    played = play(tmp_path, "--no-keep", path=str(tmp_path))
    assert played.done.returncode == 3
    assert "git cannot be run" in played.done.stderr
    assert "hint: the demo makes real git repositories: install git" in played.done.stderr
    assert "Traceback" not in played.done.stderr
    assert played.home.is_dir()


def test_every_step_is_named_in_the_help(built):
    told = " ".join(built.run("hubctl", "demo", "--help").stdout.split())
    assert ", ".join(STEPS) in told


def test_the_last_line_but_one_ends_the_dashboard(finished):
    assert "it is gone, the dashboard with it" in " ".join(finished.done.stdout.split())
    stop = f"{finished.home}/enter hubctl dashboard --stop"
    assert stop in finished.done.stdout


def test_without_keep_nothing_goes_on(tmp_path):
    """To the very end, and through a pipe: whoever reads it waits for nobody."""
    outside = tmp_path / "outside"
    outside.mkdir()
    line = f"{sys.executable} -m hubctl demo --no-keep | cat"
    env = surroundings(outside) | {"TMPDIR": str(tmp_path)}
    done = subprocess.run(
        ["/bin/sh", "-c", line], env=env, capture_output=True, text=True, check=False, timeout=120
    )
    assert "it answers at" in done.stdout and "--detach" not in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["outside"]


def test_hooks_answer_in_it_through_the_rendered_command(finished):
    told = finished.done.stdout
    assert told.count("✓ let through") == 2
    assert told.count("✗ denied") == 2
    assert told.count("? you are asked") == 1
    assert told.count("! advice") == 1
    assert "git-push-force" in told


def test_it_ends_with_a_report_and_a_filled_dashboard_that_stays(finished):
    told = finished.done.stdout
    assert "it answers at http://127.0.0.1:" in told
    address = told.partition("  dashboard  ")[2].split()[0]
    base, _, token = address.partition("/?token=")
    cookie = {"Cookie": f"hubctl-{base.rpartition(':')[2]}={token}"}
    assert "$" in get(base, "/part/cost", cookie)
    assert f"report     {finished.home}/hub/weekly.html" in told
    assert "ends by itself 15 minutes after the last visit" in " ".join(told.split())
    [record] = (finished.home / ".local/state/hubctl").glob("dashboard-*.json")
    assert record.stat().st_mode & 0o077 == 0
    assert "claude-" in (finished.home / "hub/weekly.html").read_text()
    assert "unknown" not in told.partition("hubctl usage week")[2].partition("hubctl report")[0]
