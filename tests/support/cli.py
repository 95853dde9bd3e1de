"""A private account with a hub and repositories, and hubctl run in it: in process or as a process.

Every run is held to what holds for all: a documented exit code, never 70, never a traceback.
"""

from __future__ import annotations

import functools
import io
import json
import os
import subprocess
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema

from hubctl.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pytest

ROOT = Path(__file__).resolve().parents[2]
EXIT_CODES = (0, 1, 2, 3, 4, 130)
SETTINGS = ".claude/settings.json"
LOCAL_SETTINGS = ".claude/settings.local.json"
LOCK = ".claude/hub.lock.json"
MODEL = """\
hub:
  name: acme
repositories:
  api:
    path: ~/src/api
    overrides:
      settings:
        model: sonnet
"""


@dataclass(frozen=True, kw_only=True)
class Ran:
    """One run: exit code and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(kw_only=True)
class Account:
    """A home folder with a hub in it, and hubctl in its environment."""

    base: Path
    extra: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for folder in (self.home, self.hub, self.base / "tmp"):
            folder.mkdir(parents=True, exist_ok=True)

    @property
    def home(self) -> Path:
        return self.base / "home"

    @property
    def hub(self) -> Path:
        return self.home / "hub"

    @property
    def state(self) -> Path:
        return self.home / ".local/state/hubctl"

    @property
    def cache(self) -> Path:
        return self.home / ".cache/hubctl"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "HOME": str(self.home),
            "PATH": os.environ["PATH"],
            "TMPDIR": str(self.base / "tmp"),
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(ROOT),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
            **self.extra,
        }

    # -- its files ---------------------------------------------------------------------------------

    def canonical(self, text: str | bytes) -> None:
        """Write canonical.yaml."""
        self.put("hub/canonical.yaml", text)

    def put(self, path: str, data: str | bytes) -> Path:
        """Write a file below the home folder."""
        place = self.home / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data if isinstance(data, bytes) else data.encode())
        return place

    def read(self, path: str) -> bytes:
        """The bytes of a file below the home folder."""
        return (self.home / path).read_bytes()

    def repository(self, name: str = "api", settings: str | bytes | None = None) -> Path:
        """A git repository in ~/src."""
        root = self.home / "src" / name
        root.mkdir(parents=True, exist_ok=True)
        self.git(root, "init", "-q", "--template=")
        if settings is not None:
            self.put(f"src/{name}/{SETTINGS}", settings)
        return root

    def git(self, root: Path, *arguments: str) -> str:
        """Run git there as somebody with a name."""
        who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
        done = subprocess.run(
            ["git", "-C", str(root), *who, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def shown(self, path: Path) -> str:
        """A path below the home folder as hubctl shows it."""
        return f"~/{path.relative_to(self.home)}"

    # -- hubctl ------------------------------------------------------------------------------------

    def run(self, *arguments: str) -> Ran:
        """Run a command in this process."""
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
        with redirect_stdout(out), redirect_stderr(err):
            code = main(list(arguments))
        ran = Ran(code=code, out=_written(out), err=_written(err))
        self.check(ran)
        return ran

    def start(self, *arguments: str, **how: Any) -> subprocess.Popen[str]:
        """Start a command as a process of its own."""
        options: dict[str, Any] = {
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
        }
        return subprocess.Popen(
            [sys.executable, "-m", "hubctl", *arguments],
            env=self.environment | how.pop("env", {}),
            cwd=how.pop("cwd", self.hub),
            text=True,
            **(options | how),
        )

    def process(self, *arguments: str, **how: Any) -> Ran:
        """Run a command as a process of its own, to its end."""
        with self.start(*arguments, **how) as process:
            out, err = process.communicate(timeout=60)
        ran = Ran(code=process.returncode, out=out or "", err=err or "")
        self.check(ran)
        return ran

    def check(self, ran: Ran) -> None:
        """What holds for every run there is."""
        bugs = [path.read_text() for path in (self.base / "tmp").glob("hubctl-bug-*")]
        assert not bugs, bugs[-1]
        assert ran.code in EXIT_CODES, ran
        assert "Traceback" not in ran.out + ran.err

    def ok(self, *arguments: str) -> Ran:
        """Run a command that has to succeed."""
        ran = self.run(*arguments)
        assert ran.code == 0, ran
        return ran

    def apply(self, *arguments: str) -> Ran:
        """Apply without asking; it has to succeed."""
        return self.ok("apply", "--yes", *arguments)

    def report(self, *arguments: str) -> dict[str, Any]:
        """The report of a command as JSON, held against its schema and its own exit code."""
        ran = self.run(*arguments, "--json")
        found: dict[str, Any] = ran.json
        validate(found, "report")
        assert found["exit_code"] == ran.code
        return found

    def in_sync(self, *targets: str) -> None:
        """Nothing differs and nothing is told."""
        found = self.report("drift", *targets)
        assert (found["exit_code"], found["findings"]) == (0, [])


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()


def make_account(base: Path, monkeypatch: pytest.MonkeyPatch) -> Account:
    """An account that this process is in until the end of the test."""
    account = Account(base=base)
    enter(account.environment, monkeypatch)
    monkeypatch.chdir(account.hub)
    return account


def enter(environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Make `environment` that of this process, but for what pytest keeps there."""
    for name in set(os.environ) - set(environment):
        if not name.startswith("PYTEST"):
            monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(tempfile, "tempdir", None)


@functools.cache
def _schema(name: str) -> Any:
    return json.loads((ROOT / f"schemas/{name}.schema.json").read_text())


def validate(document: object, name: str) -> None:
    """Hold a document against schemas/NAME.schema.json."""
    jsonschema.Draft202012Validator(_schema(name)).validate(document)


def validated(text: str, name: str) -> Any:
    """The document that a text is, held against its schema."""
    document = json.loads(text)
    validate(document, name)
    return document


def changes(report: Mapping[str, Any]) -> dict[str, str]:
    """Address → status of everything that differs."""
    return {c["address"]: c["status"] for t in report["targets"] for c in t["changes"]}


def rules(report: Mapping[str, Any]) -> list[str]:
    """The rules of all findings, sorted."""
    return sorted(finding["rule"] for finding in report["findings"])


def tree(root: Path, *, without: tuple[str, ...] = (".git",)) -> dict[str, object]:
    """Everything below a folder: bytes and mode, destination of a link, or None for a folder."""
    return {str(path.relative_to(root)): _entry(path) for path in _walk(root, without)}


def _walk(root: Path, without: tuple[str, ...]) -> Iterator[Path]:
    for path in sorted(root.iterdir()):
        if path.name not in without:
            yield path
            if path.is_dir() and not path.is_symlink():
                yield from _walk(path, without)


def _entry(path: Path) -> object:
    if path.is_symlink():
        return str(path.readlink())
    if path.is_dir():
        return None
    mode = path.stat().st_mode
    return (path.read_bytes() if path.is_file() else b"", mode)
