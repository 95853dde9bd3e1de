from __future__ import annotations

import os
import pwd
import subprocess
from typing import TYPE_CHECKING

import pytest

from hubctl.system import git
from hubctl.system.files import RealFiles
from hubctl.system.hooks_package import places
from hubctl.system.real_paths import RealPaths

if TYPE_CHECKING:
    from pathlib import Path


def _git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Dev", "-c", "user.email=dev@example.com"]
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(
        ["git", *identity, "-C", str(folder), *arguments],
        check=True,
        capture_output=True,
        env=environment,
    )


@pytest.fixture
def main(tmp_path: Path) -> Path:
    folder = (tmp_path / "main").resolve()
    folder.mkdir()
    _git(folder, "init", "-q")
    _git(folder, "commit", "-q", "--allow-empty", "-m", "first")
    return folder


def _key_as_hubctl_sees_it(root: Path) -> str:
    found = git.inspect(str(root), RealFiles(), RealPaths())
    return places.repository_key(str(root), found.common_dir if found else "")


def test_a_checkout_and_its_worktrees_have_one_key(main: Path) -> None:
    side = main.parent / "side"
    _git(main, "worktree", "add", "-q", str(side))
    (main / "a" / "b").mkdir(parents=True)
    for start in (main, main / "a" / "b", side):
        assert places.find_keys(str(start)) == [str(main)]
    assert _key_as_hubctl_sees_it(main) == _key_as_hubctl_sees_it(side) == str(main)


def test_a_submodule_is_a_repository_of_its_own(main: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    _git(other, "init", "-q")
    _git(other, "commit", "-q", "--allow-empty", "-m", "first")
    _git(main, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other), "sub")
    (key,) = places.find_keys(str(main / "sub"))
    assert key == _key_as_hubctl_sees_it(main / "sub") != str(main)


def test_worktrees_of_a_bare_repository_share_its_key(main: Path) -> None:
    bare = main.parent / "bare.git"
    _git(main.parent, "clone", "-q", "--bare", str(main), str(bare))
    _git(bare, "worktree", "add", "-q", str(main.parent / "one"))
    (key,) = places.find_keys(str(main.parent / "one"))
    assert key == str(bare) == _key_as_hubctl_sees_it(main.parent / "one")


def test_outside_git_every_folder_above_is_a_candidate(tmp_path: Path) -> None:
    folder = tmp_path.resolve() / "x"
    folder.mkdir()
    keys = places.find_keys(str(folder))
    assert keys[0] == str(folder) == _key_as_hubctl_sees_it(folder)
    assert keys[-1] == "/" and keys == [str(folder), *map(str, folder.parents)]


@pytest.mark.parametrize("start", ["", "relative", "."])
def test_a_start_that_is_no_absolute_path_has_no_key(start: str) -> None:
    assert places.find_keys(start) == []


def test_a_folder_that_is_gone_is_found_by_its_name(main: Path) -> None:
    assert places.find_keys(str(main / "gone" / "deep")) == [str(main)]


@pytest.mark.parametrize("content", ["", "nonsense", "gitdir: /nowhere", "gitdir: \udcff"])
def test_a_broken_git_file_is_no_error(tmp_path: Path, content: str) -> None:
    (tmp_path / ".git").write_bytes(content.encode("utf-8", "surrogateescape"))
    assert places.find_keys(str(tmp_path))


def test_folders_of_nested_repositories_are_different() -> None:
    keys = ["/a", "/a/b", "/a/@", "/", "/a/@/b"]
    folders = [places.repository_folder("/state", key) for key in keys]
    assert len(set(folders)) == len(keys)
    assert places.repository_folder("/state", "/a/b") == "/state/repositories/a/b/@"
    assert not any(f"{folder}/{places.REGISTRY}" in folders for folder in folders)


HOMES = [
    ({"XDG_STATE_HOME": "/s", "HOME": "/h"}, "/s/hubctl"),
    ({"XDG_STATE_HOME": "/s/"}, "/s/hubctl"),
    ({"XDG_STATE_HOME": "relative", "HOME": "/h"}, "/h/.local/state/hubctl"),
    ({"HOME": "/h/"}, "/h/.local/state/hubctl"),
]


@pytest.mark.parametrize(("environ", "expected"), HOMES)
def test_the_state_folder_follows_the_environment(environ: dict[str, str], expected: str) -> None:
    assert places.state_folder(environ) == expected


def test_without_home_the_passwd_entry_decides() -> None:
    home = pwd.getpwuid(os.getuid()).pw_dir.rstrip("/")
    assert places.state_folder({}) == f"{home}/.local/state/hubctl"


def test_hook_folders_are_those_of_hubs(tmp_path: Path) -> None:
    environ = {"XDG_STATE_HOME": str(tmp_path)}
    assert places.hook_folders(environ) == []
    for hub in ("b", "a"):
        (tmp_path / "hubctl" / hub / places.HOOKS).mkdir(parents=True)
    (tmp_path / "hubctl" / "releases.json").touch()
    (tmp_path / "hubctl" / "c").mkdir()
    expected = [f"{tmp_path}/hubctl/{hub}/{places.HOOKS}" for hub in ("a", "b")]
    assert places.hook_folders(environ) == expected
