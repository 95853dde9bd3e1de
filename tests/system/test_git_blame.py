"""Who changed a line, as git tells it."""

from __future__ import annotations

import os
import subprocess

import pytest

from hubctl.system.git_blame import last_commit


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A repository whose one file has a line of Ann's and a line of Ben's."""
    home = tmp_path / "home"
    home.mkdir()
    for name in [key for key in os.environ if key.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    root = tmp_path / "api"
    root.mkdir()
    git(root, "init", "--quiet")
    commit(root, "ann", "Begin", '{\n  "model": "opus"\n}\n')
    commit(root, "ben", "Ask first", '{\n  "model": "opus",\n  "x": "y"\n}\n')
    return root


def git(root, *arguments):
    subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True)


def commit(root, who, message, text):
    (root / "settings.json").write_text(text)
    git(root, "add", "--all")
    person = ["-c", f"user.name={who}", "-c", f"user.email={who}@example.org"]
    git(root, *person, "commit", "--quiet", "-m", message)


def ask(root, needle, name="settings.json"):
    return last_commit(str(root), str(root / name), needle)


def test_the_commit_of_the_line_is_named(repository):
    assert ask(repository, '"x"').startswith("ben in commit ")
    assert ask(repository, '"x"').endswith(": Ask first")


def test_a_change_that_is_not_committed_is_told_as_such(repository):
    (repository / "settings.json").write_text('{\n  "model": "opus",\n  "x": "z"\n}\n')
    assert ask(repository, '"x"') == "not committed yet: it was changed in the working copy"
    assert ask(repository, '"model"').startswith("ben")  # its comma came with the second line


def test_without_a_line_the_file_is_asked_for(repository):
    assert ask(repository, "").startswith("ben in commit ")


def test_an_edited_file_is_nobodys_commit(repository):
    (repository / "settings.json").write_text("{}\n")
    assert ask(repository, "") == ""


def test_a_removed_file_is_nobodys_commit(repository):
    (repository / "settings.json").unlink()
    assert ask(repository, '"x"') == ""


@pytest.mark.parametrize(("name", "needle"), [("new.json", ""), ("settings.json", '"absent"')])
def test_what_git_does_not_know_is_not_told(repository, name, needle):
    (repository / "new.json").write_text("{}\n")
    assert ask(repository, needle, name) == ""


def test_outside_git_nothing_is_told(tmp_path):
    (tmp_path / "settings.json").write_text("{}\n")
    assert last_commit(str(tmp_path), str(tmp_path / "settings.json"), "") == ""
