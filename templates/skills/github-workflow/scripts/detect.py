"""What a project is made of, by its files: languages, and the commands its people run."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Job:
    """One job of the workflow.

    `steps` are (name of an action or "", its inputs or the command); `matrix` is (name, values).
    """

    name: str
    steps: tuple[tuple[str, dict[str, str] | str], ...]
    matrix: tuple[str, tuple[str, ...]] | None = None


def jobs(root: Path) -> list[Job]:
    """A test job for every language found, in a fixed order."""
    makers = (_python, _node, _rust, _go)
    return [job for maker in makers for job in maker(root)]


def _python(root: Path) -> Iterator[Job]:
    file = root / "pyproject.toml"
    if not file.is_file():
        return
    try:
        project = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SystemExit(f"{file}: {error}") from error
    about = project.get("project", {})
    versions = _python_versions(str(about.get("requires-python", "")))
    text = json.dumps(project)
    commands = [("ruff", "ruff check ."), ("mypy", "mypy"), ("pytest", "pytest")]
    found = [command for tool, command in commands if f'"{tool}' in text]
    matrix = ("python", versions)
    locked = (root / "uv.lock").is_file()
    setup = {"python-version": "${{ matrix.python }}"}
    if locked:
        install = ["python -m pip install uv", "uv sync --locked --all-extras"]
        found = [f"uv run {command}" for command in found]
    else:
        setup |= {"cache": "pip", "cache-dependency-path": "pyproject.toml"}
        extra = '".[dev]"' if "dev" in about.get("optional-dependencies", {}) else "."
        group = " --group dev" if "dev" in project.get("dependency-groups", {}) else ""
        install = [f"python -m pip install -e {extra}{group}"]
    steps = [("actions/setup-python", setup), *(("", line) for line in (*install, *found))]
    yield Job("python", tuple(steps), matrix)


def _python_versions(required: str) -> tuple[str, ...]:
    """The lowest version that the project promises, and a recent one."""
    found = re.search(r">=\s*3\.(\d+)", required)
    lowest = int(found[1]) if found else 11
    return tuple(dict.fromkeys((f"3.{lowest}", f"3.{max(lowest, 13)}")))


def _node(root: Path) -> Iterator[Job]:
    file = root / "package.json"
    if not file.is_file():
        return
    try:
        package = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise SystemExit(f"{file}: {error}") from error
    scripts = package.get("scripts") or {}
    locked = (root / "package-lock.json").is_file()
    setup = {"node-version": "${{ matrix.node }}", **({"cache": "npm"} if locked else {})}
    known = ("lint", "typecheck", "build", "test")
    steps = [("actions/setup-node", setup), ("", "npm ci" if locked else "npm install")]
    steps += [("", f"npm run {name}") for name in known if name in scripts]
    yield Job("node", tuple(steps), ("node", ("22", "24")))


def _rust(root: Path) -> Iterator[Job]:
    if not (root / "Cargo.toml").is_file():
        return
    locked = " --locked" if (root / "Cargo.lock").is_file() else ""
    commands = (
        "cargo fmt --check",
        f"cargo clippy{locked} --all-targets -- -D warnings",
        f"cargo test{locked}",
    )
    yield Job("rust", tuple(("", command) for command in commands))


def _go(root: Path) -> Iterator[Job]:
    if not (root / "go.mod").is_file():
        return
    setup = ("actions/setup-go", {"go-version-file": "go.mod"})
    yield Job("go", (setup, ("", "go vet ./..."), ("", "go test -race ./...")))
