"""Made-up transcripts, in two worlds.

`ordinary`: lines of the kinds and fields that the client writes. An answer is one line for each of
its blocks, with all of its usage in each; thinking has its signature; a result says its text again
in `toolUseResult`, Read with the file, Edit with the whole file before the edit and the patch; what
the client remembers for itself (injected context, snapshots of files) lies between. Results are as
long as files and outputs are: half of them below 3 kB, a few up to where tools cut (30,000
characters of output, 2,000 lines of a file). Ids are random, as the client's are.

`dense`: answers with as little text as possible, so that every cost of a row shows.
"""

from __future__ import annotations

import json
import random
import string
import uuid
from typing import TYPE_CHECKING, Any

from tests.metrics.sessions import answer_line, envelope, result_line, usage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    Line = dict[str, Any]

ORDINARY, DENSE = "ordinary", "dense"
_LETTERS = string.ascii_letters + string.digits
_OUTPUT, _FILE = 30_000, 80_000  # characters
_TOOLS = ("Bash", "Bash", "Bash", "Read", "Read", "Edit", "Grep")


class World:
    """Sessions of one kind; the same seed makes the same bytes."""

    def __init__(self, kind: str, text: str) -> None:
        self._dense = kind == DENSE
        self._text = text * (1 + 4 * _FILE // len(text))
        self._chance = random.Random(1)

    def write(self, home: Path, size: int) -> list[Path]:
        """Transcripts of `size` bytes together; the paths."""
        paths: list[Path] = []
        written = 0
        while written < size:
            folder = home / f".claude/projects/-home-dev-p{len(paths) % 7}"
            folder.mkdir(parents=True, exist_ok=True)
            name = self._uuid()
            paths.append(folder / f"{name}.jsonl")
            with paths[-1].open("w", encoding="utf-8") as file:
                for line in self._session(name, len(paths) * 40):
                    file.write(json.dumps(line, separators=(",", ":"), ensure_ascii=False) + "\n")
                written += file.tell()
        return paths

    def _session(self, name: str, at: int) -> Iterator[Line]:
        if not self._dense:
            yield self._beside(name, at, "attachment", attachment=self._some(9000, _OUTPUT))
        for turn in range(self._chance.randint(20, 900)):
            at += self._chance.randint(1, 40)
            if not self._dense and turn % 12 == 0:
                yield from self._prompt(name, at)
            yield from self._turn(name, at)

    def _turn(self, name: str, at: int) -> Iterator[Line]:
        """One answer in one to three lines, its call, and the call's result."""
        message, request, call = self._id("msg"), self._id("req"), self._id("toolu")
        tokens = self._usage()
        tool = self._chance.choice(_TOOLS)
        blocks = (self._thinking(), self._words(), self._call(tool, call))
        for block in blocks[self._chance.randint(0, 2) :]:
            yield answer_line(
                *(name, message, request),
                seconds=at,
                content=[block],
                usage=tokens,
                **self._more(),
            )
        text, outcome = self._outcome(tool)
        yield result_line(
            name, call, seconds=at + 1, text=text, toolUseResult=outcome, **self._more()
        )

    def _prompt(self, name: str, at: int) -> Iterator[Line]:
        prompt = {"role": "user", "content": self._some(400)}
        yield {**envelope(name, at, promptId=self._uuid()), "type": "user", "message": prompt}
        snapshot = {"trackedFileBackups": {self._id("f"): self._id("b") for _ in range(20)}}
        yield self._beside(name, at, "file-history-snapshot", snapshot=snapshot)
        yield self._beside(name, at, "last-prompt", lastPrompt=self._some(400))

    def _beside(self, name: str, at: int, kind: str, **more: Any) -> Line:
        return {**envelope(name, at), "uuid": self._uuid(), "type": kind, **more}

    def _more(self) -> Line:
        """What the client puts around every message."""
        if self._dense:
            return {"uuid": self._uuid()}
        return {
            "parentUuid": self._uuid(),
            "uuid": self._uuid(),
            "userType": "external",
            "entrypoint": "cli",
        }

    def _usage(self) -> Line:
        tokens = usage(self._chance.randint(1, 900), read=self._chance.randint(0, 150_000))
        if self._dense:
            return tokens
        own = {key: tokens[key] for key in ("input_tokens", "output_tokens", "cache_creation")}
        return {
            **tokens,
            "server_tool_use": {"web_search_requests": 0, "web_fetch_requests": 0},
            "output_tokens_details": {"thinking_tokens": self._chance.randint(0, 300)},
            "iterations": [{**own, "type": "message"}],
            "speed": "standard",
        }

    def _thinking(self) -> Line:
        signature = "" if self._dense else self._id("sig") * 12
        return {"type": "thinking", "thinking": self._some(900), "signature": signature}

    def _words(self) -> Line:
        return {"type": "text", "text": self._some(150)}

    def _call(self, tool: str, call: str) -> Line:
        given = {"command": self._some(120), "description": "Look at what is there"}
        if tool == "Read":
            given = {"file_path": "/home/dev/project/src/some/module.py"}
        elif tool == "Edit":
            given = {"file_path": "/home/dev/project/src/some/module.py"}
            given |= {"old_string": self._some(500), "new_string": self._some(600)}
        return {"type": "tool_use", "id": call, "name": tool, "input": given}

    def _outcome(self, tool: str) -> tuple[str, Line]:
        """The text of a result, and what stands beside it."""
        path = "/home/dev/project/src/some/module.py"
        if tool == "Read":
            text = self._some(4000, _FILE)
            return text, {"type": "text", "file": {"filePath": path, "content": text}}
        if tool == "Edit":
            patch = [{"oldStart": 1, "newStart": 1, "lines": self._some(900).split("\n")}]
            about = {"filePath": path, "oldString": self._some(500), "newString": self._some(600)}
            before = self._some(6000, _FILE)
            return self._some(700), {**about, "originalFile": before, "structuredPatch": patch}
        text = self._some(700, _OUTPUT)
        return text, {"stdout": text, "stderr": "", "interrupted": False, "isImage": False}

    def _some(self, usual: int, most: int = 4000) -> str:
        """Text whose length is around `usual`, seldom many times that, `most` at most."""
        usual = usual // 8 if self._dense else usual
        start = self._chance.randint(0, len(self._text) - most)
        return self._text[start : start + min(most, int(self._chance.lognormvariate(0, 1) * usual))]

    def _id(self, kind: str) -> str:
        return f"{kind}_01{''.join(self._chance.choices(_LETTERS, k=22))}"

    def _uuid(self) -> str:
        return str(uuid.UUID(int=self._chance.getrandbits(128), version=4))
