"""A checkout in which a file was just written, with formatters that are shell scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from tests.hooks.hook_case import Case

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from hooks_shared.contract import Verdict

CONFIG = {"pyproject.toml": "[tool.ruff.format]\n"}
RUFF = ".venv/bin/ruff"
UPPER = "tr a-z A-Z"


class Repo(Case):
    """A checkout in which a file was just written."""

    @property
    def root(self) -> Path:
        return self.folder / "repo"

    def write(self, name: str, text: str, *, program: bool = False) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(
            text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
        )
        if program:
            path.chmod(0o755)
        return path

    def program(self, name: str, script: str) -> None:
        self.write(name, f"#!/bin/sh\n{script}\n", program=True)

    def touched(self, path: Path, **more: Any) -> Verdict | None:
        return self.decide(
            {
                "session_id": "s",
                "hook_event_name": "PostToolUse",
                "cwd": str(self.root),
                "tool_name": "Write",
                "tool_input": {"file_path": str(path), "content": "x"},
                **more,
            }
        )

    @property
    def outcomes(self) -> list[object]:
        return [sample["outcome"] for sample in self.samples]

    @classmethod
    def at(cls, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Self:
        monkeypatch.delenv("CLAUDE_PROJECT_DIR", raising=False)
        monkeypatch.delenv("VIRTUAL_ENV", raising=False)
        monkeypatch.setenv("PATH", "/usr/bin:/bin")
        case = cls("auto-format", folder)
        (case.root / ".git").mkdir(parents=True)
        return case
