"""A copy of the package with hooks of the test's own, a state folder, and runs of both."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hubctl.model.target import Machine
from hubctl.render.hook_commands import machine_command
from hubctl.system.hooks_package import package_folder, places, store

OPEN, CLOSED = "open", "closed"


@dataclass
class Answer:
    code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        return json.loads(self.stdout)

    @property
    def specific(self) -> dict[str, Any]:
        found: dict[str, Any] = self.json["hookSpecificOutput"]
        return found

    @property
    def context(self) -> str:
        return str(self.specific.get("additionalContext", "")) if self.stdout else ""


@dataclass
class World:
    """`release` holds run.py and the package, as an installed release does."""

    root: Path
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    guard: str = "families/tests/guard.py"  # the module that breakages of a hook break

    def __post_init__(self) -> None:
        for folder in (self.repo / ".git", self.home, self.own):
            folder.mkdir(parents=True)
        shutil.copytree(
            package_folder(), self.package, ignore=shutil.ignore_patterns("__pycache__")
        )
        shutil.copy(self.package / "run.py", self.release / "run.py")
        (self.package / "families" / "tests").mkdir()
        (self.package / "families" / "tests" / "__init__.py").touch()

    @property
    def repo(self) -> Path:
        return self.root / "repo"

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def release(self) -> Path:
        return self.root / "data" / "hooks" / "current"

    @property
    def package(self) -> Path:
        return self.release / "hooks_shared"

    @property
    def state(self) -> Path:
        return self.root / "state" / "hubctl" / "team" / places.HOOKS

    @property
    def own(self) -> Path:
        return Path(places.repository_folder(str(self.state), str(self.repo)))

    @property
    def machine(self) -> Machine:
        return Machine(
            home=str(self.home),
            config_dir=f"{self.home}/.claude",
            unit_dir="",
            agents_dir="",
            platform="linux",
            interpreter=sys.executable,
            release=str(self.release),
            registry_dir=str(self.state),
            hubctl="hubctl",
        )

    def hook(self, name: str, body: str, event: str = "PreToolUse", **row: Any) -> None:
        """Add a hook whose module is `body` (with the contract's names in reach)."""
        module = name.replace("-", "_")
        text = "from hooks_shared.contract import Verdict, advise, ask, deny\n" + body
        (self.package / "families" / "tests" / f"{module}.py").write_text(text)
        self.enable(name, event, module=f"hooks_shared.families.tests.{module}", **row)

    def enable(self, name: str, event: str, **row: Any) -> None:
        defaults = {
            "lane": OPEN,
            "tools": [],
            "order": 100,
            "deadline": 5.0,
            "on_error": OPEN,
            "options": {},
        }
        self.rows.setdefault(event, []).append({"id": name, **defaults, **row})
        self.write_registry()

    def write_registry(self, folder: Path | None = None) -> None:
        document = {"format": 1, "hub": "team", "target": "repo", "events": self.rows}
        path = (folder or self.own) / places.REGISTRY
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document))

    def environment(self, **more: str) -> dict[str, str]:
        return {
            "PATH": "/usr/bin:/bin",
            "HOME": str(self.home),
            "XDG_STATE_HOME": str(self.root / "state"),
            "XDG_DATA_HOME": str(self.root / "data"),
            "CLAUDE_PROJECT_DIR": str(self.repo),
            **more,
        }

    def run(
        self, event: str, text: str | bytes, *arguments: str, interpreter: str = "", **env: str
    ) -> Answer:
        """`run.py EVENT …` as a process, answering with the client's exit codes."""
        program = [interpreter or sys.executable, "-I", "-S", str(self.release / "run.py")]
        return self.start([*program, event, *arguments], text, **env)

    def launch(self, event: str, text: str | bytes, lane: str = OPEN, **env: str) -> Answer:
        """The settings line of this machine, as the client runs it."""
        command = machine_command(self.machine, event, lane)
        return self.start(["/bin/sh", "-c", command], text, **env)

    def start(self, command: list[str], text: str | bytes, **env: str) -> Answer:
        done = subprocess.run(
            command,
            input=text.encode() if isinstance(text, str) else text,
            capture_output=True,
            timeout=60,
            check=False,
            cwd=self.repo,
            env=self.environment(**env),
        )
        return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())

    def records(self) -> list[dict[str, Any]]:
        """Every spool line so far; a damaged one fails the test."""
        found: list[dict[str, Any]] = []
        for segment in sorted((self.state / "spool").glob("*.jsonl")):
            records, damaged = store.read_segment(segment.read_bytes())
            assert damaged == 0
            found += records
        return found


def tree(folder: Path) -> dict[str, int]:
    """Every file below a folder with its size."""
    return {
        os.path.relpath(path, folder): path.stat().st_size
        for path in folder.rglob("*")
        if path.is_file()
    }
