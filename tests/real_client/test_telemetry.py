"""The client exports its own telemetry into `hubctl collect`, with the variables the hub renders.

The same session is told of by its transcript and by the hooks' spool as well: what comes of all
three together is held against each of them alone.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from hubctl.metrics.refresh import refresh
from hubctl.metrics.store import metrics_path, open_store
from hubctl.system.places import find_places
from hubctl.system.stub_model import Turn
from tests.real_client.hub import canonical, every_hook
from tests.support.cli import Account
from tests.support.real_client import VERSIONS, Session, bash, installed, play, tool
from tests.support.servers import free_ports

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

PROMPT = "Write to nobody@mail.example about the word marzipan."
AGENT = {"description": "look", "prompt": "marzipan too", "subagent_type": "general-purpose"}
EXPORTER = ("CLAUDE_CODE_ENABLE_TELEMETRY", "OTEL_")


@pytest.fixture(scope="module")
def account(version: str, tmp_path_factory: pytest.TempPathFactory) -> Account:
    """One for each version: the model gives both the same ids."""
    installed(version)
    made = Account(base=tmp_path_factory.mktemp("telemetry"))
    document = canonical(hooks=every_hook())
    made.canonical(
        json.dumps({**document, "metrics": {"telemetry": True, "port": free_ports(1)[0]}})
    )
    repo = made.repository()
    made.put(
        ".claude.json", json.dumps({"projects": {str(repo): {"hasTrustDialogAccepted": True}}})
    )
    assert made.process("apply", "--yes").code == 0
    return made


@contextmanager
def collecting(account: Account) -> Iterator[None]:
    """Run what the rendered service runs."""
    [service] = (account.home / ".config/systemd/user").glob("*-collect.service")
    line = next(text for text in service.read_text().splitlines() if text.startswith("ExecStart="))
    arguments = shlex.split(line.removeprefix("ExecStart="))[1:]
    process = subprocess.Popen(
        [sys.executable, "-m", "hubctl", *arguments],
        env=account.environment,
        cwd=account.home,
        stderr=subprocess.PIPE,
    )
    try:
        assert process.stderr is not None
        assert b"listening on" in process.stderr.readline()
        yield
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.communicate(timeout=60)


@dataclass(frozen=True, kw_only=True)
class Totals:
    """What a store makes of a session, by hand."""

    answers: Mapping[str, tuple[object, ...]]
    calls: Mapping[str, tuple[object, ...]]
    prompts: int
    agents: Mapping[str, tuple[object, ...]]


def totals(home: Path, session: str) -> Totals:
    with open_store(metrics_path(find_places({"HOME": str(home)}))) as store:
        answers = store.rows(
            "SELECT request, input_tokens, output_tokens, cost_usd, model, sidechain"
            " FROM claude_context WHERE counted AND session = ?",
            (session,),
        )
        calls = store.rows(
            "SELECT call, tool, success FROM claude_tool_usage WHERE counted AND session = ?",
            (session,),
        )
        [(prompts,)] = store.rows(
            "SELECT count(*) FROM claude_events WHERE counted AND kind = 'prompt' AND session = ?",
            (session,),
        )
        agents = store.rows(
            "SELECT agent, kind, success FROM claude_agents WHERE session = ?", (session,)
        )
    assert len({row[0] for row in answers}) == len(answers)  # no request counts twice
    return Totals(
        answers={str(row[0]): row[1:] for row in answers},
        calls={str(row[0]): row[1:] for row in calls},
        prompts=int(prompts or 0),
        agents={str(row[0]): row[1:] for row in agents},
    )


class Played:
    """One session, and what stores know of it: told by the exporter, by the rest, and by all."""

    def __init__(self, version: str, account: Account, elsewhere: Path) -> None:
        repo = account.home / "src/api"
        self.account = account
        file = tool("Write", file_path=str(repo / "test_it.py"), content="x = 1\ny = 2\n")
        turns = [bash("echo hi"), bash("false"), file, tool("Agent", **AGENT), Turn(text="Done.")]
        with collecting(account):
            self.session: Session = play(
                version, account, repo, turns, prompt=PROMPT, witness=False
            )
        self.id = str(self.session.stream[0]["session_id"])
        self.exported = totals(account.home, self.id)
        # The same files under another home, whose store hears of no exporter.
        shutil.copytree(account.home, elsewhere, symlinks=True)
        for path in (elsewhere / ".local/state/hubctl").glob("metrics.db*"):
            path.unlink()
        assert not refresh(find_places({"HOME": str(elsewhere)})).problem
        self.written = totals(elsewhere, self.id)
        assert not refresh(find_places({"HOME": str(account.home)})).problem
        self.together = totals(account.home, self.id)

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """What `hubctl metrics query` answers."""
        found = self.account.process("metrics", "query", sql, "--json")
        assert found.code == 0, found.err
        told = found.json
        return [dict(zip(told["columns"], row, strict=True)) for row in told["rows"]]


@pytest.fixture(scope="module")
def played(version: str, account: Account, tmp_path_factory: pytest.TempPathFactory) -> Played:
    return Played(version, account, tmp_path_factory.mktemp("elsewhere") / "home")


def test_the_client_reads_the_variables_that_the_hub_rendered(
    played: Played, account: Account
) -> None:
    settings = json.loads(account.read(".claude/settings.json"))
    assert {name for name in settings["env"] if name.startswith(EXPORTER)} >= {
        "CLAUDE_CODE_ENABLE_TELEMETRY",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
    }
    assert not [name for name in os.environ if name.startswith("OTEL_")]
    assert played.session.code == 0
    assert played.session.complaints == []
    assert not [post for post in played.session.model.posts if "resourceLogs" in post.body]


def test_every_request_is_exported_with_its_tokens_and_cost(played: Played) -> None:
    assert len(played.exported.answers) == len(played.session.model.requests())
    tokens = {row[:2] for row in played.exported.answers.values()}
    assert tokens == {(10, 5)}
    rows = played.rows(
        f"SELECT cost_usd, client_cost_usd FROM claude_context WHERE session = '{played.id}'"
    )
    assert rows
    for row in rows:
        assert row["cost_usd"] == pytest.approx(row["client_cost_usd"])


def test_what_was_exported_and_what_was_written_agree(played: Played) -> None:
    written, exported = played.written, played.exported
    assert written.answers
    assert written.answers == {key: exported.answers.get(key) for key in written.answers}
    assert exported.calls == {key: written.calls.get(key) for key in exported.calls}
    assert {row[1] for row in exported.calls.values()} == {0, 1}
    # Of a call that never ran (its input was refused) the exporter says nothing.
    assert {row[1] for key, row in written.calls.items() if key not in exported.calls} <= {0}
    assert written.prompts == exported.prompts


def test_together_nothing_counts_twice_and_nothing_is_lost(played: Played) -> None:
    assert played.together.answers == played.exported.answers
    assert played.together.calls == played.written.calls
    assert played.together.prompts == played.written.prompts
    assert played.together.agents == {**played.written.agents, **played.exported.agents}
    assert set(played.exported.agents) <= set(played.written.agents)
    assert any(answer[-1] for answer in played.together.answers.values())
    [row] = played.rows(
        "SELECT requests, tool_calls, input_tokens, cost_usd, lines_added FROM claude_sessions"
        f" WHERE session = '{played.id}'"
    )
    assert row["requests"] == len(played.exported.answers)
    assert row["tool_calls"] == len(played.written.calls)
    assert row["input_tokens"] == 10 * row["requests"]
    assert row["lines_added"] >= 2


def test_agents_are_told_of_by_newer_clients(played: Played, version: str) -> None:
    """Older ones say what kind of agent asked, and not which one."""
    told = set(played.exported.agents.values())
    assert told == ({("general-purpose", 1)} if version == VERSIONS[0] else set())


def test_the_exporter_adds_what_nobody_else_knows(played: Played, account: Account) -> None:
    [known] = played.rows(
        "SELECT sum(source = 'otel') AS exported,"
        " group_concat(DISTINCT project) AS projects FROM claude_tool_usage"
        f" WHERE session = '{played.id}'"
    )
    assert known["exported"] == len(played.exported.calls)
    assert known["projects"] == str(account.home / "src/api")
    kinds = {
        row["kind"]
        for row in played.rows(f"SELECT kind FROM claude_events WHERE session = '{played.id}'")
    }
    assert kinds >= {"lines_of_code", "active_time", "tool_decision", "session_start"}


def test_nothing_that_somebody_wrote_is_kept(played: Played, account: Account) -> None:
    data = b"".join(path.read_bytes() for path in account.state.glob("metrics.db*"))
    assert played.id.encode() in data
    for secret in (b"marzipan", b"mail.example", b"echo hi", b"x = 1", b"REDACTED"):
        assert secret not in data


def test_everything_of_the_session_is_of_its_project(played: Played, account: Account) -> None:
    """The exporter does not say where a session runs."""
    for table in ("claude_context", "claude_tool_usage", "claude_events", "claude_sessions"):
        rows = played.rows(f"SELECT DISTINCT project FROM {table} WHERE session = '{played.id}'")
        assert rows == [{"project": str(account.home / "src/api")}], table
