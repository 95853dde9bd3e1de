"""`hubctl verify`: the installed hooks against their record; clients that are none or do not work.

What a client shows is proved in tests/real_client.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from tests.support.cli import SETTINGS, validate

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.cli import Account

HOOKS = """\
hub:
  name: acme
defaults:
  hooks:
    PreToolUse: [git-safety-check]
repositories:
  api:
    path: ~/src/api
"""


@pytest.fixture
def hub(account: Account) -> Account:
    account.canonical(HOOKS)
    account.repository()
    return account


@pytest.fixture
def applied(hub: Account) -> Account:
    hub.apply()
    return hub


def client(account: Account, script: str) -> str:
    program = account.put("bin/client", f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return str(program)


def test_an_untouched_release_is_verified(applied: Account) -> None:
    ran = applied.ok("verify")
    assert ran.out == "Verified: nothing is wrong\n"


def test_a_changed_byte_is_found_even_where_size_and_time_stay(applied: Account) -> None:
    run = applied.home / ".local/share/hubctl/hooks/current/run.py"
    before = run.stat()
    data = run.read_bytes()
    run.write_bytes(data.replace(b"main", b"nain", 1))
    os.utime(run, ns=(before.st_atime_ns, before.st_mtime_ns))
    ran = applied.run("verify", "--json")
    validate(ran.json, "verify")
    assert ran.code == ran.json["exit_code"] == 1
    assert [one["rule"] for one in ran.json["findings"]] == ["release/tampered"]
    assert ran.json["targets"] == []


def test_without_hooks_there_is_nothing_to_verify(account: Account) -> None:
    account.canonical("hub:\n  name: acme\n")
    assert account.ok("verify").out == "Verified: nothing is wrong\n"


def test_no_client_is_said_clearly(
    hub: Account, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    ran = hub.run("verify", "--live", "api")
    assert ran.code == 3
    assert "no Claude Code is installed here" in ran.err
    assert "--client PATH" in ran.err


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (("verify", "--client", "/bin/sh"), 2, "--live"),
        (("verify", "--live", "--client", "/nowhere"), 2, "is no program"),
        (("verify", "--live", "--timeout", "0"), 2, "--timeout"),
        (("verify", "--live", "nobody"), 2, "there is no target"),
    ],
)
def test_what_cannot_be_asked(
    hub: Account, arguments: tuple[str, ...], code: int, word: str
) -> None:
    ran = hub.run(*arguments)
    assert ran.code == code
    assert word in ran.err


@pytest.mark.parametrize(
    ("script", "word"),
    [
        ("echo nonsense", "no Claude Code that works"),
        ("exit 7", "no Claude Code that works"),
        ("echo 2.9.9", "without a word to the model"),
        ('[ "$1" = --version ] && echo 2.9.9 && exit; exec tail -f /dev/null', "did not end"),
    ],
)
def test_a_client_that_does_not_work_is_an_operation_that_failed(
    hub: Account, script: str, word: str
) -> None:
    program = client(hub, script)
    ran = hub.run("verify", "--live", "api", "--client", program, "--timeout", "1")
    assert ran.code == 3
    assert word in ran.err
    assert not list((hub.base / "tmp").glob("hubctl-live-*"))


def test_a_client_is_given_no_key_and_no_home_of_ours(
    hub: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-of-the-user")
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "token-of-the-user")
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(hub.home / ".claude"))
    said = hub.base / "said"
    program = client(hub, f'[ "$1" = --version ] && echo 2.9.9 && exit; env >{said}; pwd >>{said}')
    hub.run("verify", "--live", "api", "--client", program)
    text = said.read_text()
    assert "of-the-user" not in text
    assert "CLAUDE_CONFIG_DIR" not in text
    assert f"HOME={hub.home}\n" not in text
    assert str(hub.home / "src/api") not in text


def test_the_client_meets_stand_ins_alone(hub: Account) -> None:
    """What lies in the copy, read by a client of our own while it runs."""
    acting = {"type": "command", "command": "touch ~/ran"}
    own = {"hooks": {"Stop": [{"hooks": [acting]}]}, "apiKeyHelper": "touch ~/ran"}
    hub.put(f"src/api/{SETTINGS}", json.dumps(own))
    copy = hub.base / "copy"
    program = client(hub, f'[ "$1" = --version ] && echo 2.9.9 && exit; cp {SETTINGS} {copy}')
    hub.run("verify", "--live", "api", "--client", program)
    text = copy.read_text()
    assert "touch" not in text
    assert json.loads(text)["hooks"]["Stop"][0]["hooks"][0]["command"].startswith("exec cat")
