"""What hubctl ships: every source is sound, and what a command tells Claude to run really works."""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

from hubctl.model.frontmatter import split_markdown, text_field
from hubctl.model.source_names import KINDS
from hubctl.model.tokens import count_tokens
from hubctl.render.markdown import fit
from hubctl.render.prerun import pre_runs
from hubctl.render.source_check import check_sources
from hubctl.system.sources import Sources

from .subjects import ROOT, TEMPLATES

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA: dict[str, Any] = json.loads((ROOT / "schemas/skill.schema.json").read_text())
SHIPPED = Sources("/nonexistent", str(TEMPLATES))
ALL = [(kind, s) for kind in KINDS for s in SHIPPED.find(kind, SHIPPED.names(kind)).sources]
COMMANDS = [s for kind, s in ALL if kind == "commands"]
IDS = [s.shown for _, s in ALL]


def test_something_of_every_kind_is_shipped() -> None:
    assert {kind for kind, _ in ALL} == set(KINDS)
    assert {"tdd/", "undo/", "health", "drift"} <= set(SHIPPED.names("commands"))


@pytest.mark.parametrize(("kind", "source"), ALL, ids=IDS)
def test_every_source_passes_its_own_checks(kind: str, source: Any) -> None:
    assert check_sources(kind, (source,), SCHEMA) == ()
    assert all(line == line.rstrip() for line in source.text.split("\n"))
    assert source.text.endswith("\n")
    assert count_tokens(source.text) < 2000


@pytest.mark.parametrize("source", COMMANDS, ids=[s.name for s in COMMANDS])
def test_commands_say_what_they_do_and_allow_what_they_run(source: Any) -> None:
    front = split_markdown(source.text).front
    assert text_field(front, "description")
    assert bool(text_field(front, "argument-hint")) == ("$ARGUMENTS" in source.text)
    # `$0`, `$1` … would be replaced by arguments before a shell saw them.
    assert not re.search(r"\$\d", source.text)
    assert all(run.command.endswith("|| true") for run in pre_runs(source.text))


def test_fragments_begin_with_their_one_heading() -> None:
    for kind, source in ALL:
        if kind == "fragments":
            assert re.findall(r"^#+ ", source.text, re.MULTILINE) == ["# "]
            assert fit(source.text, 3).startswith("### ")


@pytest.mark.parametrize("command", ["health", "drift", "undo/list", "tdd/refactor"])
def test_pre_runs_exit_zero_even_where_nothing_is_installed(tmp_path: Path, command: str) -> None:
    (source,) = SHIPPED.find("commands", [command]).sources
    for run in pre_runs(source.text):
        shell(run.command, tmp_path)


def test_the_example_workflow_is_valid_yaml() -> None:
    (source,) = SHIPPED.find("skills", ["github-workflow"]).sources
    (example,) = re.findall(r"```yaml\n(.*?)```", source.text, re.DOTALL)
    workflow = YAML(typ="safe", pure=True).load(example)
    assert workflow["permissions"] == {"contents": "read"}
    assert all("timeout-minutes" in job for job in workflow["jobs"].values())


@pytest.mark.parametrize("skill", ["pytest-test-generator", "pydantic-model-generator"])
def test_python_examples_compile(skill: str) -> None:
    (source,) = SHIPPED.find("skills", [skill]).sources
    examples = re.findall(r"```python\n(.*?)```", source.text, re.DOTALL)
    assert examples
    for example in examples:
        compile(example, skill, "exec")


def shell(script: str, folder: Path) -> str:
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
        env={
            "PATH": "/usr/bin:/bin",
            "HOME": str(folder),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "Dev",
            "GIT_AUTHOR_EMAIL": "dev@example.org",
            "GIT_COMMITTER_NAME": "Dev",
            "GIT_COMMITTER_EMAIL": "dev@example.org",
        },
    )
    return done.stdout


def block_of(command: str) -> str:
    (source,) = SHIPPED.find("commands", [command]).sources
    (block,) = re.findall(r"```bash\n(.*?)```", source.text, re.DOTALL)
    return str(block)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repo"
    (root / "sub").mkdir(parents=True)
    shell("git init -q . && git config core.hooksPath /nonexistent", root)
    (root / ".gitignore").write_text("ignored\n")
    (root / "tracked").write_text("committed\n")
    (root / "gone").write_text("committed\n")
    (root / "sub/inner").write_text("committed\n")
    shell("git add -A && git commit -qm first", root)
    (root / "tracked").write_text("staged\n")
    shell("git add tracked", root)
    (root / "tracked").write_text("work\n")
    (root / "untracked").write_text("new\n")
    (root / "ignored").write_text("secret\n")
    return root


STATE = "git rev-parse HEAD; git branch -a; git ls-files --stage; git status --porcelain; ls .git"


@pytest.mark.parametrize("folder", [".", "sub"])
def test_a_checkpoint_touches_neither_branch_nor_index_nor_files(
    repository: Path, folder: str
) -> None:
    before = shell(STATE, repository)
    name = shell(block_of("undo/checkpoint").replace("SLUG", "first-try"), repository / folder)
    assert re.fullmatch(r"\d{8}T\d{6}Z-first-try\n", name)
    assert shell(STATE, repository) == before
    held = shell(f"git ls-tree -r --name-only refs/hubctl/checkpoints/{name.strip()}", repository)
    assert held.split() == [".gitignore", "gone", "sub/inner", "tracked", "untracked"]
    shown = shell(f"git show refs/hubctl/checkpoints/{name.strip()}:tracked", repository)
    assert shown == "work\n"


@pytest.mark.parametrize("folder", [".", "sub"])
def test_restore_brings_every_file_back_and_leaves_branch_and_index(
    repository: Path, folder: str
) -> None:
    name = shell(block_of("undo/checkpoint").replace("SLUG", "x"), repository).strip()
    index = shell("git ls-files --stage; git rev-parse HEAD", repository)
    (repository / "tracked").write_text("broken\n")
    (repository / "untracked").unlink()
    (repository / "gone").unlink()
    (repository / "later").write_text("made afterwards\n")
    shell(block_of("undo/restore").replace("NAME", name), repository / folder)
    assert (repository / "tracked").read_text() == "work\n"
    assert (repository / "untracked").read_text() == "new\n"
    assert (repository / "gone").read_text() == "committed\n"
    assert (repository / "later").read_text() == "made afterwards\n"
    assert (repository / "ignored").read_text() == "secret\n"
    assert shell("git ls-files --stage; git rev-parse HEAD", repository) == index


def test_checkpoints_are_listed_newest_first(repository: Path) -> None:
    for name in ("20260101T000000Z-a", "20260102T000000Z-b"):
        shell(f"git update-ref refs/hubctl/checkpoints/{name} HEAD", repository)
    (source,) = SHIPPED.find("commands", ["undo/list"]).sources
    (run,) = pre_runs(source.text)
    lines = shell(run.command, repository).splitlines()
    assert [line.split(" | ")[0] for line in lines] == ["20260102T000000Z-b", "20260101T000000Z-a"]
