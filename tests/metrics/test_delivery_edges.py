"""Repositories that are odd: DORA tells what git still knows of them, and invents nothing."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from tests.metrics.sessions import answer_line, write_session
from tests.metrics.test_deliveries import DAY, KINDS, checkout, read  # noqa: F401 - a fixture


def names(home):
    return [row[:3] for row in read(home, KINDS)]


def releases(made, count):
    for number in range(count):
        made.commit(number * DAY)
        made.release(f"v1.{number}", number * DAY + 3600, "-a", "-m", "x")


def test_one_commit_delivers_nothing(checkout, tmp_path):  # noqa: F811
    checkout.commit(0)
    assert names(tmp_path) == []


def test_a_repository_without_a_commit_delivers_nothing(checkout, tmp_path):  # noqa: F811
    assert names(tmp_path) == []


def test_a_detached_checkout_has_its_releases(checkout, tmp_path):  # noqa: F811
    releases(checkout, 3)
    checkout.git("checkout", "-q", "--detach", "HEAD~1", at=0)
    assert [name for _, name, _ in names(tmp_path)] == ["v1.0", "v1.1", "v1.2"]


def test_a_history_that_was_rewritten_counts_each_release_once(checkout, tmp_path):  # noqa: F811
    releases(checkout, 2)
    assert len(names(tmp_path)) == 2
    checkout.git("reset", "-q", "--hard", "HEAD~1", at=0)
    checkout.commit(3 * DAY)
    checkout.release("v2.0", 3 * DAY + 60)
    assert names(tmp_path) == [
        ("deployment", "v1.0", 3600.0),
        ("deployment", "v1.1", 3600.0),
        ("deployment", "v2.0", 0.0),
    ]


def test_a_shallow_clone_tells_of_the_commits_that_it_has(checkout, tmp_path):  # noqa: F811
    releases(checkout, 4)
    clone = tmp_path / "src/shallow"
    words = ["git", "clone", "-q", "--depth", "1", f"file://{checkout.root}", str(clone)]
    subprocess.run(words, check=True, capture_output=True, timeout=30)
    line = answer_line("s2", "m2", "r2")
    write_session(tmp_path, "s2", [{**line, "cwd": str(clone)}])
    rows = read(tmp_path, "SELECT project, name, value FROM claude_events ORDER BY time, project")
    found = [(name, value) for project, name, value in rows if project == str(clone)]
    assert found == [("v1.3", 3600.0)]


@pytest.mark.parametrize("gone", [".git", "."])
def test_a_repository_that_vanished_keeps_what_was_known(checkout, tmp_path, gone):  # noqa: F811
    releases(checkout, 2)
    before = names(tmp_path)
    shutil.rmtree(checkout.root / gone)
    assert names(tmp_path) == before and len(before) == 2
