"""What git ignores is the same whether git is asked or not, wherever a rule may stand."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from hubctl.system import git, git_ignores

if TYPE_CHECKING:
    from pathlib import Path

PATHS = ("CLAUDE.md", ".claude/settings.json", ".claude/skills/tdd/SKILL.md")
RULE = "CLAUDE.md\n/.claude/\n"

# place below the test's folder → text; `repo` is the repository, `home` the account
SILENT = {
    "nothing": {},
    "comments": {"repo/.gitignore": "# nothing\n\n", "repo/.git/info/exclude": "# git ls-files\n"},
    "elsewhere": {"repo/docs/.gitignore": "*\n", "repo/.claude/skills/other/.gitignore": "*\n"},
    "account": {"home/.gitconfig": "[user]\n\tname = Ada\n", "home/.config/git/ignore": "\n"},
    "other config": {"repo/.git/config": "[core]\n\tbare = false\n"},
}
TELLING = {
    "top": {"repo/.gitignore": RULE},
    "in between": {"repo/.claude/.gitignore": "settings.json\n"},
    "deep": {"repo/.claude/skills/tdd/.gitignore": "*.md\n"},
    "exclude": {"repo/.git/info/exclude": RULE},
    "account": {"home/.config/git/ignore": RULE},
    "account config": {
        "home/.gitconfig": "[core]\n\texcludesFile = ~/rules\n",
        "home/rules": RULE,
    },
    "xdg config": {
        "home/.config/git/config": "[CORE]\n\tExcludesFile=~/rules\n",
        "home/rules": RULE,
    },
    "included": {
        "home/.gitconfig": "[include]\n\tpath = more\n",
        "home/more": "[core]\n\texcludesFile = ~/rules\n",
        "home/rules": RULE,
    },
    "included for a folder": {
        "home/.gitconfig": '[includeIf "gitdir:**/repo/.git"]\n\tpath = more\n',
        "home/more": "[core]\n\texcludesFile = ~/rules\n",
        "home/rules": RULE,
    },
    "repository config": {
        "repo/.git/config": "[core]\n\texcludesfile = ~/rules\n",
        "home/rules": RULE,
    },
    "negated": {"repo/.gitignore": "*\n!.claude\n!.claude/settings.json\n"},
    "broken": {"repo/.gitignore": RULE, "home/.gitconfig": "[core\n"},
}


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty repository of somebody without any configuration."""
    for name in [name for name in os.environ if name.startswith(("GIT_", "XDG_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    subprocess.run(
        ["git", "init", "-q", "--template=", str(tmp_path / "repo")], check=True, timeout=60
    )
    (tmp_path / "repo/.git/info").mkdir()
    return tmp_path / "repo"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The repositories that git is asked about."""
    roots: list[str] = []
    ask = git.ignored
    monkeypatch.setattr(
        git, "ignored", lambda root, paths: (roots.append(root), ask(root, paths))[1]
    )
    return roots


def put(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)


@pytest.mark.parametrize("case", SILENT)
def test_without_any_rule_git_is_not_asked(repo, asked, case):
    put(repo.parent, SILENT[case])
    assert git.ignored(str(repo), PATHS) == frozenset()
    asked.clear()
    assert git_ignores.ignored(str(repo), PATHS) == frozenset()
    assert asked == []


@pytest.mark.parametrize("case", TELLING)
def test_wherever_a_rule_stands_git_has_the_word(repo, asked, case):
    put(repo.parent, TELLING[case])
    expected = git.ignored(str(repo), PATHS)
    assert expected or case == "broken"
    asked.clear()
    assert git_ignores.ignored(str(repo), PATHS) == expected
    assert asked == [str(repo)]


def test_a_linked_worktree_and_a_folder_without_git_are_left_to_git(repo, asked):
    put(repo.parent, {"repo/.git/info/exclude": "CLAUDE.md\n"})
    run = ["git", "-C", str(repo), "-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    subprocess.run([*run, "commit", "-q", "--allow-empty", "-m", "first"], check=True, timeout=60)
    subprocess.run([*run, "worktree", "add", "-q", "../linked"], check=True, timeout=60)
    assert git_ignores.ignored(str(repo.parent / "linked"), PATHS) == {"CLAUDE.md"}
    assert git_ignores.ignored(str(repo.parent / "home"), PATHS) == frozenset()
    assert len(asked) == 2


def test_rules_that_cannot_be_read_are_left_to_git(repo, asked):
    (repo / ".gitignore").symlink_to(".gitignore")
    git_ignores.ignored(str(repo), PATHS)
    assert asked == [str(repo)]


def test_a_machine_is_asked_once(repo, monkeypatch):
    calls = []
    ask = git.configured
    monkeypatch.setattr(git, "configured", lambda: (calls.append(1), ask())[1])
    for _ in range(3):
        assert git_ignores.ignored(str(repo), PATHS) == frozenset()
    assert calls == [1]


def test_without_git_nothing_is_ignored(repo, monkeypatch):
    monkeypatch.setenv("PATH", str(repo))
    assert git_ignores.ignored(str(repo), PATHS) == frozenset()
