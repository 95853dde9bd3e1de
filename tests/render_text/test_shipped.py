"""What hubctl ships: every source is sound, and what a command tells Claude to run really works."""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING, Any

import click
import pytest
from ruamel.yaml import YAML

from hubctl.cli.app import app
from hubctl.model.frontmatter import split_markdown, text_field
from hubctl.model.source_names import KINDS
from hubctl.model.tokens import count_tokens
from hubctl.render.markdown import fit
from hubctl.render.prerun import not_allowed, pre_runs
from hubctl.render.source_check import check_sources
from hubctl.system.sources import Sources

from .subjects import ROOT, TEMPLATES

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA: dict[str, Any] = json.loads((ROOT / "schemas/skill.schema.json").read_text())
SHIPPED = Sources("/nonexistent", str(TEMPLATES))
SKILLS = (
    "github-workflow",
    "metrics-insight",
    "pydantic-model-generator",
    "pytest-test-generator",
)
ALL = [(kind, s) for kind in KINDS for s in SHIPPED.find(kind, SHIPPED.names(kind)).sources]
CONTEXT = click.Context(app, info_name="hubctl")
COMMANDS = [s for kind, s in ALL if kind == "commands"]
IDS = [s.shown for _, s in ALL]


def test_something_of_every_kind_is_shipped() -> None:
    assert {kind for kind, _ in ALL} == set(KINDS)
    wanted = {"tdd/", "undo/", "health", "audit", "drift", "new-project"}
    assert wanted <= set(SHIPPED.names("commands"))
    assert set(SKILLS) <= set(SHIPPED.names("skills"))


@pytest.mark.parametrize(("kind", "source"), ALL, ids=IDS)
def test_every_source_passes_its_own_checks(kind: str, source: Any) -> None:
    assert check_sources(kind, (source,), SCHEMA) == ()
    assert all(line == line.rstrip() for line in source.text.split("\n"))
    assert source.text.endswith("\n")
    if source.name.endswith(".md"):  # scripts are run, not read
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


@pytest.mark.parametrize("source", COMMANDS, ids=[s.name for s in COMMANDS])
def test_commands_are_short(source: Any) -> None:
    assert count_tokens(source.text) < 700
    assert len(source.text.splitlines()) < 40


@pytest.mark.parametrize("source", COMMANDS, ids=[s.name for s in COMMANDS])
def test_pre_runs_exit_zero_even_where_nothing_is_installed(tmp_path: Path, source: Any) -> None:
    for run in pre_runs(source.text):
        shell(run.command, tmp_path)


@pytest.mark.parametrize("source", COMMANDS, ids=[s.name for s in COMMANDS])
def test_commands_name_commands_and_options_that_exist(source: Any) -> None:
    for words in re.findall(r"`(hubctl [^`]+?)(?: 2>&1 [^`]*)?`", source.text):
        command = _command(words.split()[1:])
        known = {option for p in command.params for option in (*p.opts, *p.secondary_opts)}
        assert set(re.findall(r"(?<= )--[a-z-]+", words)) <= known, words


def _command(words: list[str]) -> click.Command:
    """The command that these words run."""
    found: click.Command = app
    for word in words:
        inner = found.get_command(CONTEXT, word) if isinstance(found, click.Group) else None
        if inner is None:
            break
        found = inner
    assert found is not app, words
    return found


WRITING = (
    "hubctl drift --fix",
    "hubctl checkpoint restore x --yes",
    "hubctl checkpoint prune --keep 0 --yes",
    "hubctl new x",
    "hubctl accept api:.claude/settings.json",
    "hubctl apply --yes",
    "hubctl rollback --yes",
    "hubctl repos remove api --yes",
    "git checkout .",
    "git reset --hard",
    "rm -rf x",
)


@pytest.mark.parametrize("source", COMMANDS, ids=[s.name for s in COMMANDS])
def test_nothing_that_writes_runs_without_a_question(source: Any) -> None:
    allowed = text_field(split_markdown(source.text).front, "allowed-tools") or ""
    assert "Bash" not in re.sub(r"Bash\([^)]*\)", "", allowed)
    for command in WRITING:
        assert not_allowed(command, allowed) == (command,)


def test_the_example_workflow_is_valid_yaml() -> None:
    source = skill("github-workflow")
    (example,) = re.findall(r"```yaml\n(.*?)```", source.text, re.DOTALL)
    workflow = YAML(typ="safe", pure=True).load(example)
    assert workflow["permissions"] == {"contents": "read"}
    assert all("timeout-minutes" in job for job in workflow["jobs"].values())


@pytest.mark.parametrize("name", ["pytest-test-generator", "pydantic-model-generator"])
def test_python_examples_compile(name: str) -> None:
    examples = re.findall(r"```python\n(.*?)```", skill(name).text, re.DOTALL)
    assert examples
    for example in examples:
        compile(example, name, "exec")


def skill(name: str) -> Any:
    """The SKILL.md of a skill."""
    return next(s for s in SHIPPED.find("skills", [name]).sources if s.name == f"{name}/SKILL.md")


@pytest.mark.parametrize("name", SKILLS)
def test_a_skill_names_its_scripts_and_each_says_what_it_is(name: str) -> None:
    sources = SHIPPED.find("skills", [name]).sources
    runnable = [s for s in sources if s.executable]
    assert runnable
    for source in runnable:
        assert f"${{CLAUDE_SKILL_DIR}}/{source.name.partition('/')[2]}" in skill(name).text
        assert source.text.startswith('#!/usr/bin/env python3\n"""')
        assert "standard" in source.text.split('"""')[1]
    named = re.findall(r"\$\{CLAUDE_SKILL_DIR\}/([\w/.-]+)", skill(name).text)
    assert {f"{name}/{path}" for path in named} <= {s.name for s in sources}


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
