"""The real client, driven: a pinned version, a scripted stub model, everything it did as a value.

The clients lie outside the checkout, where `.ci/run prepare` puts them, or in HUBCTL_CI_CLIENTS.
Where one is missing its tests skip. No run knows a home, a key or a server but those of the test.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hubctl.system.client import client_version, registrations_to, stub_environment
from hubctl.system.hooks_package import store
from hubctl.system.process import run
from hubctl.system.stub_model import Call, StubModel, Turn, serve_model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tests.support.cli import Account

    # What the model answers; with a function, that is called first: the world moves meanwhile.
    Step = Turn | tuple[Callable[[], object], Turn]

VERSIONS = ("2.1.328", "2.1.197")
SECONDS = 60.0
TOOLS = ("Bash", "Read", "Write", "Edit", "Agent")
CACHE = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
CLIENTS = Path(os.environ.get("HUBCTL_CI_CLIENTS") or f"{CACHE}/hubctl-ci/clients")


def installed(version: str) -> Path:
    """The program of one version; the test skips where it is not there."""
    packages = CLIENTS / version / "node_modules" / "@anthropic-ai"
    for program in sorted(packages.glob("claude-code-*/claude")):
        if os.access(program, os.X_OK):
            return program
    pytest.skip(f"client {version} is not in {CLIENTS}: `.ci/run prepare` puts it there")


def tool(name: str, /, **values: object) -> Turn:
    """A turn that calls one tool."""
    return Turn(calls=(Call(tool=name, input=values),))


def bash(command: str) -> Turn:
    """A turn that runs a command."""
    return tool("Bash", command=command)


@dataclass(frozen=True, kw_only=True)
class Result:
    """What became of one tool call."""

    tool: str
    input: Mapping[str, Any]
    text: str
    refused: bool


@dataclass(frozen=True, kw_only=True)
class Session:
    """One run of the client, from start to end."""

    code: int
    err: str
    stream: Sequence[Mapping[str, Any]]
    debug: str
    model: StubModel

    @property
    def hooks(self) -> Counter[str]:
        """How often each hook ran, by the name the client gives it (`PreToolUse:Bash`)."""
        return Counter(str(one["hook_name"]) for one in self._responses())

    def answers(self, name: str) -> list[Mapping[str, Any]]:
        """The client's report of each run of a hook: outcome, exit_code, stdout, stderr."""
        return [one for one in self._responses() if one["hook_name"] == name]

    def _responses(self) -> Iterator[Mapping[str, Any]]:
        return (one for one in self.stream if one.get("subtype") == "hook_response")

    @property
    def conversation(self) -> list[Mapping[str, Any]]:
        """The messages of the last request of the main conversation."""
        return list(_main_requests(self.model)[-1]["messages"])

    @property
    def main_requests(self) -> list[Mapping[str, Any]]:
        """The requests to go on with the main conversation, in order."""
        return _main_requests(self.model)

    @property
    def told(self) -> str:
        """Every text that the model was sent in the main conversation, after its system prompt."""
        return "\n".join(_texts(self.conversation))

    @property
    def results(self) -> list[Result]:
        """The tool calls with their results, as the model got to know them."""
        blocks = [
            block
            for message in self.conversation
            if isinstance(message["content"], list)
            for block in message["content"]
        ]
        calls = {block["id"]: block for block in blocks if block["type"] == "tool_use"}
        return [
            Result(
                tool=calls[block["tool_use_id"]]["name"],
                input=calls[block["tool_use_id"]]["input"],
                text="\n".join(_texts(block.get("content", ""))),
                refused=bool(block.get("is_error")),
            )
            for block in blocks
            if block["type"] == "tool_result"
        ]

    @property
    def registered(self) -> list[tuple[str, str, str]]:
        """(source, event, matcher) of every handler that the client says it took, sorted."""
        events = (event for post in self.model.posts for event in _log_records(post.body))
        return sorted(
            (event["hook_source"], event["hook_event"], event.get("hook_matcher", ""))
            for event in events
            if event.get("event.name") == "hook_registered"
        )

    @property
    def complaints(self) -> list[str]:
        """What the client had to say against settings and hooks, in its log or on stderr."""
        words = ("Invalid setting", "Invalid regex", "Unknown hook", "deprecated")
        lines = [line for line in self.debug.splitlines() if any(word in line for word in words)]
        return [*lines, *self.err.splitlines()]


def _main_requests(model: StubModel) -> list[Mapping[str, Any]]:
    found = [body for body in model.requests() if body.get("tools")]
    longest = max(found, key=lambda body: len(body["messages"]))
    first = _texts(longest["messages"][:1])
    return [body for body in found if _texts(body["messages"][:1]) == first]


def _texts(value: object) -> list[str]:
    """Every `text`, `content` or bare string in a message."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    if isinstance(value, dict):
        return _texts([value.get("text", ""), value.get("content", "")])
    return []


def _log_records(body: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for resource in body.get("resourceLogs", ()):
        for scope in resource.get("scopeLogs", ()):
            for record in scope.get("logRecords", ()):
                yield {
                    item["key"]: str(next(iter(item["value"].values())))
                    for item in record.get("attributes", ())
                }


def script(turns: Sequence[Step]) -> Callable[[Mapping[str, Any]], Turn]:
    """A model that plays `turns` one after the other, then the last one again.

    How far it got is read off the conversation itself. Requests that offer no tools (titles,
    summaries and the like) are answered with one word.
    """

    def answer(body: Mapping[str, Any]) -> Turn:
        messages = body.get("messages", [])
        if not body.get("tools"):
            return Turn(text="fine")
        number = sum(message["role"] == "assistant" for message in messages)
        step = turns[min(number, len(turns) - 1)]
        if isinstance(step, Turn):
            return step
        meanwhile, turn = step
        meanwhile()
        return turn

    return answer


def spool(account: Account) -> list[dict[str, Any]]:
    """Every run that the dispatcher recorded, oldest first."""
    found = []
    for segment in sorted(account.state.glob("*/hooks/spool/*.jsonl")):
        records, damaged = store.read_segment(segment.read_bytes())
        assert damaged == 0
        found += records
    return sorted(found, key=lambda record: record["t"])


def play(
    version: str,
    account: Account,
    folder: Path,
    turns: Sequence[Step],
    *,
    prompt: str = "Do it.",
    arguments: Sequence[str] = (),
    path: str = "",
    tools: Sequence[str] = TOOLS,
    witness: bool = True,
) -> Session:
    """Run the client of `version` in `folder` to its end, within SECONDS.

    `path` goes before the PATH; `tools` run without a question. Without a `witness` only settings
    say where telemetry goes.
    """
    client = str(installed(version))
    debug = account.base / "tmp" / "client-debug.log"
    debug.unlink(missing_ok=True)
    with serve_model(script((*turns, Turn(text="Finished.")))) as model:
        env = stub_environment(str(account.home), model.url)
        env |= {"TMPDIR": str(account.base / "tmp"), "PATH": f"{path}:{env['PATH']}".strip(":")}
        if not witness:
            env = {name: env[name] for name in env if name not in registrations_to("")}
        assert client_version(client, env) == version
        command = [
            *(client, "-p", prompt, "--output-format", "stream-json", "--verbose"),
            *("--include-hook-events", "--debug-file", str(debug), "--strict-mcp-config"),
            *("--allowedTools", ",".join(tools), *arguments),
        ]
        done = run(command, timeout=SECONDS, env=env, cwd=str(folder))
    return Session(
        code=done.returncode,
        err=done.stderr,
        stream=[json.loads(line) for line in done.stdout.splitlines()],
        debug=debug.read_text(encoding="utf-8", errors="replace"),
        model=model,
    )
