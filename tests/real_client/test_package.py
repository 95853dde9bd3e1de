"""A package in the real client: its own validator takes it, commands and guards of it work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hubctl.system.client import stub_environment
from hubctl.system.process import run
from tests.packaging.hub import CANONICAL, NAME
from tests.support.cli import Account
from tests.support.real_client import SECONDS, VERSIONS, bash, installed, play

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.real_client import Session

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Account:
    """An account whose hub was packaged, and where hubctl applied nothing."""
    account = Account(base=tmp_path_factory.mktemp("package"))
    account.canonical(CANONICAL)
    account.put("hub/commands/ship.md", "---\ndescription: Ship it\n---\n\nShip $ARGUMENTS.\n")
    account.put("hub/skills/look/SKILL.md", "---\ndescription: Look closely\n---\n\n# Look\n")
    account.repository()
    assert account.process("package", "--all", "--profile", "python").code == 0
    return account


@pytest.fixture(scope="module")
def market(account: Account) -> Path:
    return account.hub / f"{NAME}-plugin"


@pytest.mark.parametrize("part", [".", f"plugins/{NAME}"])
def test_the_clients_validator_has_nothing_against_it(
    account: Account, market: Path, part: str
) -> None:
    client = str(installed(VERSIONS[0]))
    env = stub_environment(str(account.home), NOWHERE)
    command = [client, "plugin", "validate", "--strict", str(market / part)]
    done = run(command, timeout=SECONDS, env=env)
    assert (done.returncode, "Validation passed" in done.stdout) == (0, True), done.stdout


def test_the_validator_would_say_so(account: Account, market: Path, tmp_path: Path) -> None:
    manifest = market / f"plugins/{NAME}/.claude-plugin/plugin.json"
    (tmp_path / ".claude-plugin").mkdir()
    broken = manifest.read_text().replace('"name": "acme-team"', '"name": "Acme Team"', 1)
    (tmp_path / ".claude-plugin/plugin.json").write_text(broken)
    env = stub_environment(str(account.home), NOWHERE)
    command = [str(installed(VERSIONS[0])), "plugin", "validate", str(tmp_path)]
    assert run(command, timeout=SECONDS, env=env).returncode == 1


@pytest.fixture(scope="module")
def session(account: Account, market: Path) -> Session:
    """A session with the plugin; the model tries what its guard refuses."""
    return play(
        VERSIONS[0],
        account,
        account.home / "src/api",
        [bash("git push --force origin main"), bash("echo harmless")],
        prompt=f"/{NAME}:ship now",
        arguments=["--plugin-dir", str(market / f"plugins/{NAME}")],
    )


def test_its_command_expands(session: Session) -> None:
    assert session.code == 0
    assert "Ship now." in session.told


def test_its_guard_refuses_and_lets_the_rest_through(session: Session) -> None:
    push, echo = session.results
    assert push.refused
    assert "git-push-force" in push.text
    assert (echo.refused, echo.text) == (False, "harmless")


def test_its_hooks_keep_what_they_record_out_of_the_plugin(
    session: Session, account: Account, market: Path
) -> None:
    assert session.results
    assert list((account.home / ".claude/plugins/data").rglob("spool/*.jsonl"))
    assert not list(market.rglob("spool"))
    assert account.process("package", "--all", "--profile", "python").code == 0
