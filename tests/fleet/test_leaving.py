"""A repository that leaves keeps everything that somebody made or changed there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.cli import Account

HUB = """\
hub:
  name: acme
repositories:
  api:
    path: ~/src/api
    overrides:
      hooks: {PreToolUse: [context-monitor]}
  web: {path: ~/src/web}
"""
LINK = ".claude/hooks/hubctl"


@pytest.fixture
def link(account: Account) -> Path:
    account.canonical(HUB)
    root = account.repository("api")
    account.repository("web")
    account.apply()
    assert (root / LINK).is_symlink()
    return root / LINK


@pytest.mark.parametrize("options", [(), ("--restore",)])
def test_our_link_leaves(account: Account, link: Path, options: tuple[str, ...]) -> None:
    account.ok("repos", "remove", "api", "--yes", *options)
    assert not link.is_symlink()


@pytest.mark.parametrize("options", [(), ("--restore",)])
def test_a_file_of_somebody_in_its_place_stays(
    account: Account, link: Path, options: tuple[str, ...]
) -> None:
    link.unlink()
    link.write_text("precious")
    account.ok("repos", "remove", "api", "--yes", *options)
    assert link.read_text() == "precious"


@pytest.mark.parametrize("options", [(), ("--restore",)])
def test_a_folder_of_somebody_in_its_place_stays(
    account: Account, link: Path, options: tuple[str, ...]
) -> None:
    link.unlink()
    link.mkdir()
    account.ok("repos", "remove", "api", "--yes", *options)
    assert link.is_dir()


@pytest.mark.parametrize("options", [(), ("--restore",)])
def test_a_link_of_somebody_in_its_place_stays(
    account: Account, link: Path, options: tuple[str, ...]
) -> None:
    link.unlink()
    link.symlink_to("elsewhere")
    account.ok("repos", "remove", "api", "--yes", *options)
    assert link.is_symlink()


@pytest.mark.parametrize("options", [(), ("--restore",)])
def test_what_another_hub_wrote_stays(account: Account, options: tuple[str, ...]) -> None:
    account.repository("api")
    account.canonical(
        "hub:\n  name: other\nrepositories:\n  api:\n    path: ~/src/api\n"
        "    conventions: [Be brief.]\n"
    )
    account.apply()
    before = account.read("src/api/CLAUDE.md"), account.read("src/api/.claude/hub.lock.json")
    account.canonical("hub:\n  name: acme\nrepositories:\n  api:\n    path: ~/src/api\n")
    account.ok("repos", "remove", "api", "--yes", *options)
    assert (
        account.read("src/api/CLAUDE.md"),
        account.read("src/api/.claude/hub.lock.json"),
    ) == before
