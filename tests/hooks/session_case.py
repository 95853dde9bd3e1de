"""A session whose transcript grows, as the client writes it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.hooks.hook_case import Case

if TYPE_CHECKING:
    from pathlib import Path

_counter = iter(range(1, 1_000_000))


class Session(Case):
    """Lines of a transcript, and the events that hooks get of it."""

    @property
    def transcript(self) -> Path:
        return self.folder / "t.jsonl"

    @property
    def repo(self) -> Path:
        path = self.folder / "repo"
        path.mkdir(exist_ok=True)
        return path

    def add(self, *lines: object) -> None:
        with self.transcript.open("a", errors="surrogateescape") as file:
            for line in lines:
                file.write((line if isinstance(line, str) else json.dumps(line)) + "\n")

    def event(self, name: str, **more: Any) -> dict[str, Any]:
        return {
            "hook_event_name": name,
            "session_id": "s-1",
            "cwd": str(self.repo),
            "transcript_path": str(self.transcript),
            **more,
        }

    def at(self, name: str, **more: Any) -> str:
        return self.says(self.event(name, **more))

    def again(self, source: str = "compact", **more: Any) -> str:
        return self.at("SessionStart", source=source, **more)


def user(text: object, **more: Any) -> dict[str, Any]:
    return {"type": "user", "message": {"role": "user", "content": text}, **more}


def said(text: str, **more: Any) -> dict[str, Any]:
    content = [{"type": "text", "text": text}]
    return {"type": "assistant", "message": {"role": "assistant", "content": content}, **more}


def tool(name: str, *, result: str | None = None, data: object = None, **given: Any) -> list[Any]:
    """A call, and its result where there is one."""
    id_ = f"toolu_{next(_counter)}"
    block = {"type": "tool_use", "id": id_, "name": name, "input": given}
    call = {"type": "assistant", "message": {"role": "assistant", "content": [block]}}
    if result is None:
        return [call]
    answer = {"type": "tool_result", "tool_use_id": id_, "content": result}
    if result.startswith("Error"):
        answer["is_error"] = True
    return [call, user([answer], toolUseResult=data)]


BROKEN: list[object] = [
    "",
    "{",
    "[]",
    "5",
    "\udcff",
    '{"type":"assistant"',
    {"type": "assistant"},
    {"type": "assistant", "message": {"content": "text"}},
    {"type": "assistant", "message": {"content": [5, {"type": "tool_use"}, {"text": 5}]}},
    {"type": "assistant", "message": {"content": [{"type": "tool_use", "name": "Read"}]}},
    {"type": "user", "message": {"content": [{"type": "tool_result"}, {"type": "tool_result"}]}},
    {"type": "user", "message": {"content": {"a": 1}}, "toolUseResult": "Error: no"},
    {"type": "user", "toolUseResult": {"task": {"subject": 5}, "answers": [1]}},
    {"type": "something-new", "message": {"content": [{"type": "text", "text": "x"}]}},
]
