"""metrics-insight: figures of a real spool, with and without hubctl, and what is not there."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from hubctl.system.hooks_package import store
from tests.skills.scripts import run
from tests.support.cli import ROOT, Account, validate

if TYPE_CHECKING:
    from pathlib import Path

INSIGHT = "metrics-insight/insight.py"
HUB = """\
hub:
  name: acme
repositories:
  api:
    path: ~/src/api
    overrides:
      hooks: {PreToolUse: [git-safety-check], PostToolUse: [dora-tracker]}
"""


@pytest.fixture
def account(tmp_path: Path) -> Account:
    """An account with nothing in it."""
    return Account(base=tmp_path)


def insight(account: Account, *options: str, path: str = "/usr/bin:/bin") -> Any:
    env = account.environment | {"PATH": path}
    done = run(INSIGHT, *options, "--json", folder=account.hub, env=env)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def record(account: Account, **fields: object) -> None:
    """Write a spool line as the dispatcher does."""
    whole = {"v": 1, "t": 2e9, "event": "PreToolUse", "lane": "closed", "tool": "Bash"}
    whole |= {"session": "one", "ms": 10.0, "hooks": [], "samples": [], "incidents": []}
    assert store.append(str(account.state / "acme/hooks"), whole | fields)


def test_nothing_recorded_and_no_hubctl_is_said_so(account: Account) -> None:
    found = insight(account)
    assert (found["hubs"], found["health"], found["findings"]) == ([], [], [])
    assert found["missing"]["hooks"] == "no hook recorded anything in the last 7 days"
    for name in ("health", "profile", "metrics"):
        assert found["missing"][name] == "hubctl is not installed here"


def test_figures_are_those_of_the_lines(account: Account) -> None:
    for ms in range(1, 101):
        denied = {"decision": "deny"} if ms > 97 else {}
        record(account, ms=ms, hooks=[{"id": "guard", "ms": ms, **denied}])
    record(account, lane="async", session="two", ms=5000, hooks=[{"id": "slow", "ms": 4000}])
    record(account, tool="Read", hooks=[{"id": "bad", "ms": 1, "problem": "ValueError"}])
    record(account, incidents=["guard switched off"], samples=[{"name": "debt", "tokens": 30}])
    record(account, samples=[{"name": "debt", "tokens": 12, "tool": "Read"}])
    (hub,) = insight(account)["hubs"]
    rows = {row["hook"]: row for row in hub["hooks"]}
    assert (hub["hub"], hub["runs"], hub["sessions"]) == ("acme", 104, 2)
    assert hub["waited_ms"] == sum(range(1, 101)) + 30
    assert (rows["guard"]["p50_ms"], rows["guard"]["p95_ms"], rows["guard"]["denied"]) == (
        50,
        95,
        3,
    )
    assert (rows["bad"]["failed"], hub["hooks"][0]["hook"]) == (1, "slow")
    assert hub["refused"] == [{"hook": "guard", "tool": "Bash", "decision": "deny", "times": 3}]
    assert hub["incidents"] == [{"what": "guard switched off", "times": 1}]
    numbers = {"tokens": {"sum": 42, "largest": 30}}
    assert hub["samples"] == [{"sample": "debt", "times": 2, "numbers": numbers}]


def test_damaged_and_old_lines_are_left_out_and_counted(account: Account) -> None:
    record(account)
    record(account, t=1.0)
    (segment,) = (account.state / "acme/hooks/spool").iterdir()
    with segment.open("a") as file:
        file.write('\n{"crc":"00000000","record":{"t":2000000000}}\n{"torn\n')
    found = insight(account)
    assert (found["hubs"][0]["runs"], found["damaged_lines"]) == (1, 2)


def test_with_hubctl_its_health_and_profile_stand_beside_real_runs(account: Account) -> None:
    account.canonical(HUB)
    account.repository()
    assert account.process("apply", "--yes").code == 0
    event = {"tool_name": "Bash", "tool_input": {"command": "git push --force origin main"}}
    with account.start("hooks", "run", "PreToolUse", stdin=-1, cwd=account.home / "src/api") as run:
        run.communicate(json.dumps(event), timeout=60)
    program = account.put("bin/hubctl", f'#!/bin/sh\nexec "{sys.executable}" -m hubctl "$@"\n')
    program.chmod(0o755)
    found = insight(account, path=f"{program.parent}:/usr/bin:/bin")
    assert {check["id"] for check in found["health"]} >= {"canonical", "drift", "hooks"}
    assert found["hubs"][0]["refused"][0]["hook"] == "git-safety-check"
    assert "health" not in found["missing"]
    assert "profile" not in found["missing"]
    assert "metrics" in found["missing"]


def test_the_page_shows_the_same(account: Account) -> None:
    record(account, hooks=[{"id": "guard", "ms": 3, "decision": "ask"}], incidents=["a|b\nc"])
    done = run(INSIGHT, folder=account.hub, env=account.environment | {"PATH": "/usr/bin:/bin"})
    assert "| guard | 1 | 3.0 | 3.0 | 3.0 | 0 | 0 | 1 |" in done.stdout
    assert "| a\\|b c | 1 |" in done.stdout
    assert "## Not told here" in done.stdout


def test_what_it_asks_hubctl_for_is_what_hubctl_promises(account: Account) -> None:
    schema = json.loads((ROOT / "schemas/health.schema.json").read_text())
    assert {"id", "state", "summary"} <= set(json.dumps(schema).split('"'))
    ran = account.process("health", "--json")
    validate(ran.json, "health")
