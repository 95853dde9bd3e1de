"""Git history: releases or merges as deployments, their lead times, and what restored one."""

from __future__ import annotations

import subprocess

import pytest

from hubctl.metrics.refresh import refresh
from hubctl.metrics.store import metrics_path, open_store
from hubctl.system.git_history import repository_at
from hubctl.system.places import find_places
from tests.metrics.sessions import NOON, answer_line, write_session

DAY = 86_400
START = int(NOON.timestamp()) - 20 * DAY
KINDS = "SELECT kind, name, value, project FROM claude_events ORDER BY time"


class Checkout:
    """A repository whose commits have the times one says."""

    def __init__(self, root):
        self.root = root
        root.mkdir(parents=True)
        self.git("init", "-q", "-b", "main", at=0)
        self.git("config", "user.email", "somebody@mail.example", at=0)
        self.git("config", "user.name", "Some Body", at=0)
        self.git("config", "commit.gpgsign", "false", at=0)

    def git(self, *words, at):
        moment = f"@{START + at} +0000"
        environment = {
            "PATH": "/usr/bin:/bin:/usr/local/bin",
            "HOME": str(self.root),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_DATE": moment,
            "GIT_COMMITTER_DATE": moment,
        }
        command = ["git", "-C", str(self.root), *words]
        subprocess.run(command, check=True, capture_output=True, env=environment, timeout=30)

    def commit(self, at, subject="work"):
        self.git("commit", "-q", "--allow-empty", "-m", subject, at=at)

    def release(self, name, at, *more):
        self.git("tag", *more, name, at=at)

    def merge(self, branch, at, subject="work"):
        self.git("checkout", "-q", "-b", branch, at=at)
        self.commit(at, subject)
        self.git("checkout", "-q", "main", at=at)
        self.git("merge", "-q", "--no-ff", "-m", f"Merge branch '{branch}'", branch, at=at + DAY)


@pytest.fixture
def checkout(tmp_path):
    made = Checkout(tmp_path / "src/api")
    line = answer_line("s1", "m1", "r1")
    write_session(tmp_path, "s1", [{**line, "cwd": str(made.root)}])
    return made


def read(home, sql=KINDS):
    places = find_places({"HOME": str(home)})
    done = refresh(places)
    assert done.problem == ""
    with open_store(metrics_path(places)) as store:
        return store.rows(sql)


def test_releases_with_their_lead_times(checkout, tmp_path):
    checkout.commit(0)
    checkout.commit(2 * DAY)
    checkout.release("v1.0", 4 * DAY, "-a", "-m", "one")
    checkout.commit(5 * DAY)
    checkout.release("v1.1rc1", 5 * DAY, "-a", "-m", "early")
    checkout.release("v1.1", 6 * DAY, "-a", "-m", "two")
    checkout.release("nightly", 6 * DAY)
    root = str(checkout.root)
    assert read(tmp_path) == [
        ("deployment", "v1.0", 3.0 * DAY, root),
        ("deployment", "v1.1", 1.0 * DAY, root),
    ]


def test_a_release_that_takes_back_restored_the_one_before(checkout, tmp_path):
    checkout.commit(0)
    checkout.release("v1.0", DAY, "-a", "-m", "one")
    checkout.commit(DAY + 3000, 'Revert "work"')
    checkout.release("v1.0.1", DAY + 3600, "-a", "-m", "two")
    kinds = [row[:3] for row in read(tmp_path)]
    assert kinds == [
        ("deployment", "v1.0", 1.0 * DAY),
        ("restore", "v1.0.1", 3600.0),
        ("deployment", "v1.0.1", 600.0),
    ]


def test_merges_where_nothing_is_tagged(checkout, tmp_path):
    checkout.commit(0)
    checkout.merge("feature/a", DAY)
    checkout.merge("hotfix/b", 3 * DAY)
    kinds = [(kind, value) for kind, _, value, _ in read(tmp_path)]
    assert kinds == [
        ("deployment", 1.0 * DAY),
        ("restore", 2.0 * DAY),
        ("deployment", 1.0 * DAY),
    ]


def test_only_what_changed_is_asked_again_and_nothing_counts_twice(checkout, tmp_path):
    checkout.commit(0)
    checkout.release("v1.0", DAY)
    before = read(tmp_path)
    assert len(before) == 1
    assert read(tmp_path, "SELECT max(seq) FROM claude_events") == read(
        tmp_path, "SELECT max(seq) FROM claude_events"
    )
    checkout.commit(2 * DAY)
    checkout.release("v2.0", 3 * DAY)
    assert [row[1] for row in read(tmp_path)] == ["v1.0", "v2.0"]


def test_worktrees_and_folders_inside_are_one_repository(checkout, tmp_path):
    checkout.commit(0)
    checkout.release("v1.0", DAY)
    checkout.git("worktree", "add", "-q", str(tmp_path / "src/other"), "-b", "other", at=0)
    inside = checkout.root / "deep/inside"
    inside.mkdir(parents=True)
    for number, folder in enumerate((tmp_path / "src/other", inside)):
        line = answer_line(f"t{number}", f"n{number}", "r")
        write_session(tmp_path, f"t{number}", [{**line, "cwd": str(folder)}])
    assert len(read(tmp_path)) == 1


def test_nobody_s_name_or_words_are_kept(checkout, tmp_path):
    checkout.commit(0, "a very secret subject")
    checkout.release("v1.0", DAY, "-a", "-m", "secret words")
    read(tmp_path)
    for path in (tmp_path / ".local").rglob("*"):
        data = b"" if path.is_dir() else path.read_bytes()
        assert b"secret" not in data
        assert b"mail.example" not in data


@pytest.mark.parametrize("broken", ["HEAD", "refs", "objects"])
def test_a_broken_repository_tells_nothing(checkout, tmp_path, broken):
    checkout.commit(0)
    checkout.release("v1.0", DAY)
    (checkout.root / ".git" / broken).rename(checkout.root / ".git/gone")
    assert len(read(tmp_path)) <= 1


def test_outside_git_there_is_none(tmp_path):
    assert repository_at(str(tmp_path)) is None
    assert repository_at(str(tmp_path / "nowhere")) is None
