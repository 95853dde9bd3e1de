"""github-workflow: what it writes passes a workflow linter and its own rules; the rules find."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest
from ruamel.yaml import YAML

from tests.skills.scripts import SKILLS, run
from tests.support.actionlint import complaints
from tests.support.cli import ROOT

if TYPE_CHECKING:
    from pathlib import Path

WRITE, CHECK = "github-workflow/workflow.py", "github-workflow/check.py"
PYPROJECT = '[project]\nname = "x"\nrequires-python = ">=3.11"\n'
DEV = '[project.optional-dependencies]\ndev = ["pytest>=8", "ruff", "mypy"]\n'
PROJECTS = {
    "python": {"pyproject.toml": PYPROJECT + DEV},
    "uv": {"pyproject.toml": PYPROJECT + DEV, "uv.lock": ""},
    "groups": {"pyproject.toml": PYPROJECT + '[dependency-groups]\ndev = ["pytest"]\n'},
    "node": {"package.json": '{"scripts": {"test": "t", "lint": "l"}}', "package-lock.json": "{}"},
    "rust": {"Cargo.toml": "", "Cargo.lock": ""},
    "go": {"go.mod": "module x\n"},
    "many": {"pyproject.toml": PYPROJECT + DEV, "package.json": "{}", "go.mod": ""},
}
RUNS = {
    "python": {'python -m pip install -e ".[dev]"', "ruff check .", "mypy", "pytest"},
    "uv": {"uv sync --locked --all-extras", "uv run pytest"},
    "groups": {"python -m pip install -e . --group dev", "pytest"},
    "node": {"npm ci", "npm run lint", "npm run test"},
    "rust": {"cargo test --locked"},
    "go": {"go test -race ./..."},
    "many": {"pytest", "npm install", "go vet ./..."},
}


def write(folder: Path, files: dict[str, str]) -> str:
    for name, text in files.items():
        (folder / name).write_text(text)
    done = run(WRITE, ".", folder=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", PROJECTS)
def test_a_workflow_runs_the_projects_own_commands_and_is_sound(tmp_path: Path, name: str) -> None:
    text = write(tmp_path, PROJECTS[name])
    workflow = YAML(typ="safe", pure=True).load(text)
    assert workflow["permissions"] == {"contents": "read"}
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    assert RUNS[name] <= {step.get("run") for step in steps}
    assert all({"uses", "run"} & set(step) for step in steps)
    assert found(tmp_path, text) == []


@pytest.mark.parametrize("name", PROJECTS)
def test_actionlint_has_nothing_to_say(tmp_path: Path, name: str) -> None:
    assert complaints(tmp_path, write(tmp_path, PROJECTS[name])) == []


def test_a_folder_of_none_of_these_is_told(tmp_path: Path) -> None:
    done = run(WRITE, ".", folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "write the job by hand" in done.stderr


@pytest.mark.parametrize(
    "files", [{"pyproject.toml": "["}, {"package.json": "{"}], ids=lambda files: next(iter(files))
)
def test_a_broken_project_file_is_told(tmp_path: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    done = run(WRITE, ".", folder=tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)


def found(folder: Path, text: str) -> list[str]:
    """The rules that check.py finds broken."""
    (folder / "w.yml").write_text(text)
    done = run(CHECK, "w.yml", "--json", folder=folder)
    assert done.stderr == ""
    rules = [one["rule"] for one in json.loads(done.stdout)]
    assert done.returncode == bool(rules)
    return sorted(rules)


GOOD = """\
on: push
permissions:
  contents: read
jobs:
  a:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - uses: actions/checkout@v6
        with:
          persist-credentials: false
      - env:
          TITLE: ${{ github.event.pull_request.title }}
        run: echo "$TITLE"
"""
PULL = "on:\n  pull_request_target:\n    types: [opened]\n"
HEAD = "          ref: ${{ github.event.pull_request.head.sha }}\n"
BROKEN = {
    "permissions": [
        ("permissions:\n  contents: read\n", ""),
        ("permissions:\n  contents: read\n", "permissions: write-all\n"),
        ("contents: read", "contents: write"),
    ],
    "timeout": [("    timeout-minutes: 5\n", "")],
    "injection": [
        ('echo "$TITLE"', "echo ${{ github.event.issue.body }}"),
        ('echo "$TITLE"', "|\n          x\n          echo ${{ github.head_ref }}"),
        ('echo "$TITLE"', "echo ${{ github.event.commits[0].message }}"),
    ],
    "pin": [
        ("actions/checkout@v6", "someone/checkout@v6"),
        ("actions/checkout@v6", "actions/checkout"),
        ("actions/checkout@v6", "docker://alpine:3"),
    ],
    "strangers-code": [("on: push\n", PULL)],
    "credentials": [("        with:\n          persist-credentials: false\n", "")],
    "secret-in-script": [('echo "$TITLE"', "echo ${{ secrets.TOKEN }}")],
    "long-script": [('echo "$TITLE"', "|\n" + "          echo x\n" * 11)],
    "unread": [("  contents: read", "  &x contents: read\n  y: {a: b}")],
}
CASES = [(rule, *change) for rule, changes in BROKEN.items() for change in changes]


def test_a_sound_workflow_is_found_sound(tmp_path: Path) -> None:
    assert found(tmp_path, GOOD) == []
    assert found(tmp_path, GOOD.replace("actions/checkout@v6", f"a/b@{'0' * 40}")) == []


@pytest.mark.parametrize(("rule", "was", "now"), CASES)
def test_each_rule_finds_what_it_is_for(tmp_path: Path, rule: str, was: str, now: str) -> None:
    assert was in GOOD
    text = GOOD.replace(was, now)
    if rule == "strangers-code":
        text = text.replace(
            "          persist-credentials: false\n",
            HEAD + "          persist-credentials: false\n",
        )
    assert rule in found(tmp_path, text)


def test_the_reader_sees_what_a_yaml_parser_sees() -> None:
    folder = str(SKILLS / "github-workflow/scripts")
    sys.path.insert(0, folder)
    try:
        import lines
    finally:
        sys.path.remove(folder)
    files = [*(ROOT / ".github/workflows").glob("*.yml"), ROOT / "action.yml"]
    texts = [GOOD, *(file.read_text() for file in files)]
    for text in texts:
        document = YAML(typ="base", pure=True).load(text)
        seen = {one.path: one.value for one in lines.read(text).entries if one.value}
        for path, value in leaves(document, ()):
            assert " ".join(seen[path].split()) == " ".join(value.split()), path


def leaves(node: object, path: tuple[str, ...]) -> list[tuple[tuple[str, ...], str]]:
    """Every scalar of a document in block style; lists in one line are one scalar to the reader."""
    if isinstance(node, dict):
        return [one for key in node for one in leaves(node[key], (*path, str(key)))]
    if isinstance(node, list):
        return [
            one
            for number, item in enumerate(node)
            if isinstance(item, dict)
            for one in leaves(item, (*path, str(number)))
        ]
    return [(path, str(node))] if node else []
