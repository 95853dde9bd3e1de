from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from hubctl.model.finding import Finding, Severity
from hubctl.model.tokens import LISTING_LIMIT
from hubctl.render.frontmatter import MAX_CHARACTERS, read_frontmatter
from hubctl.render.prerun import ends_safely, not_allowed, pre_runs
from hubctl.render.source_check import check_sources

from .subjects import ROOT, source

SCHEMA: dict[str, Any] = json.loads((ROOT / "schemas/skill.schema.json").read_text())
OK = "name: one\ndescription: Does it\n"


def check(kind: str, name: str, front: str | None, body: str = "Body\n") -> tuple[Finding, ...]:
    text = body if front is None else f"---\n{front}---\n{body}"
    return check_sources(kind, (source(name, text, folder=kind),), SCHEMA)


def rows(findings: tuple[Finding, ...]) -> list[tuple[str, str, int]]:
    return [
        (f.rule.partition("/")[2], f.severity.value, f.location.line if f.location else 0)
        for f in findings
    ]


def test_the_schema_is_one_and_describes_every_field() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert all(rule["description"] for rule in SCHEMA["properties"].values())


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        (OK, []),
        (OK + "allowed-tools: Read, Grep\nmodel: sonnet\nmetadata: {a: 1}\n", []),
        (OK + "allowed-tools: [Read, Grep]\ncontext: fork\nuser-invocable: false\n", []),
        (OK + "disable-model-invocation: yes\n", [("wrong-field", "warning", 4)]),
        (OK + "context: spoon\n", [("wrong-field", "warning", 4)]),
        (OK + "allowed-tools: 3\n", [("wrong-field", "warning", 4)]),
        (OK + "argument-hint: [file]\n", [("wrong-field", "warning", 4)]),
        (OK + "descripton: x\n", [("unknown-field", "note", 4)]),
        ("name: Other\ndescription: x\n", [
            ("skill-name", "warning", 2), ("wrong-field", "warning", 2)]),
        ("name: two\ndescription: x\n", [("skill-name", "warning", 2)]),
        ("name: one\n", [("no-description", "warning", 1)]),
        ("name: one\ndescription: ''\n", [
            ("no-description", "warning", 1), ("wrong-field", "warning", 3)]),
        (f"name: one\ndescription: {'x' * LISTING_LIMIT}\n", []),
        (
            f"name: one\ndescription: {'x' * (LISTING_LIMIT + 1)}\n",
            [("long-description", "note", 3)],
        ),
        (
            f"description: {'x' * LISTING_LIMIT}\nwhen_to_use: y\n",
            [("long-description", "note", 2)],
        ),
        (None, [("no-description", "warning", 1)]),
        ("", [("no-description", "warning", 1)]),
    ],
)  # fmt: skip
def test_skills(front: str | None, expected: list[tuple[str, str, int]]) -> None:
    assert rows(check("skills", "one/SKILL.md", front)) == expected


def test_a_skill_folder_needs_a_portable_name() -> None:
    assert rows(check("skills", "My Skill/SKILL.md", "description: x\n")) == [
        ("skill-name", "warning", 1)
    ]


@pytest.mark.parametrize("kind", ["skills", "agents"])
@pytest.mark.parametrize(
    ("front", "line"),
    [
        ("a: b: c\n", 2),
        ("name: one\na: [x] [y]\n", 3),
        ("- a\n", 2),
        ("name: one\nname: two\n", 3),
        ("a: &x [1]\nb: *x\n", 3),
        ("a: " + "[" * 40 + "\n", 2),
        ("x: \x01\n", 1),
        ("? [a]\n: b\n", 2),
        (f"a: {'x' * MAX_CHARACTERS}\n", 1),
    ],
)
def test_broken_frontmatter_is_one_error_with_its_line(kind: str, front: str, line: int) -> None:
    assert rows(check(kind, "one/SKILL.md", front)) == [("broken-frontmatter", "error", line)]


@settings(max_examples=100)
@given(st.text(alphabet="ab:-{}[]&*!'\"|>\n #%,?~1.\t<=@`", max_size=40))
def test_no_frontmatter_gives_a_traceback(front: str) -> None:
    found = read_frontmatter(source("x.md", f"---\n{front}\n---\nBody"), Severity.ERROR)
    assert len(found.findings) <= 1
    assert not (found.findings and found.values)
    assert set(found.values) == set(found.lines)


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("name: one\ndescription: x\ntools: Read\ncolor: red\n", []),
        (None, ["no name and no description"]),
        ("name: one\n", ["no description"]),
        ("description: x\n", ["no name"]),
        ("name: ''\ndescription: x\n", ["no name"]),
        ("name: a:b\ndescription: x\n", ["no colon"]),
    ],
)
def test_agents_that_the_client_would_skip_are_errors(
    front: str | None, expected: list[str]
) -> None:
    findings = check("agents", "one.md", front)
    assert len(findings) == len(expected)
    for finding, words in zip(findings, expected, strict=True):
        assert finding.severity is Severity.ERROR
        assert words in finding.message


@pytest.mark.parametrize(
    ("kind", "name", "front", "expected"),
    [
        ("commands", "a.md", "description: x\n", []),
        ("commands", "a.md", None, []),
        ("commands", "a.md", "a: b: c\n", [("broken-frontmatter", "warning", 2)]),
        ("commands", "a.md", "name: x\npaths: y\n", [
            ("ignored-field", "note", 2), ("ignored-field", "note", 3)]),
        ("commands", "script.sh", "a: b: c\n", []),
        ("skills", "one/reference.md", "a: b: c\n", []),
        ("skills", "one/deep/SKILL.md", "a: b: c\n", []),
        ("rules", "a.md", "paths: [x]\n", []),
        ("rules", "a.md", "path: [x]\n", [("unknown-field", "note", 2)]),
        ("rules", "a.md", "a: b: c\n", [("broken-frontmatter", "warning", 2)]),
        ("output-styles", "a.md", "name: x\nkeep-coding-instructions: true\n", []),
        ("output-styles", "a.md", "keep_coding: true\n", [("unknown-field", "note", 2)]),
        ("fragments", "a.md", "a: b: c\n", []),
        ("agents", "a.md", "name: a\ndescription: x\ntool: y\n", [("unknown-field", "note", 4)]),
    ],
)  # fmt: skip
def test_other_kinds(
    kind: str, name: str, front: str | None, expected: list[tuple[str, str, int]]
) -> None:
    assert rows(check(kind, name, front)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("!`ls`", [("ls", 1)]),
        ("a\n\nx !`git status || true` y !`ls`", [("git status || true", 3), ("ls", 3)]),
        ("[!`x`]", []),
        ("a!`x`", []),
        ("`!x`", []),
        ("! `x`", []),
        ("```!\nls\npwd\n```\n", [("ls\npwd", 1)]),
        ("```sh\nls\n```\n", []),
    ],
)
def test_pre_runs_are_found_where_the_client_runs_them(
    text: str, expected: list[tuple[str, int]]
) -> None:
    assert [(run.command, run.line) for run in pre_runs(text)] == expected


@pytest.mark.parametrize(
    ("command", "safe"),
    [
        ("ls || true", True),
        ("ls; true", True),
        ("ls || :", True),
        ("ls || echo none", True),
        ("ls\nexit 0", True),
        ("true", True),
        ("ls", False),
        ("ls || false", False),
        ("ls || true && false", False),
        ("ls '|| true'", False),
        ("true || ls", False),
        ("ls && true", False),
        ("ls || echo a && rm b", False),
        ("echo true", False),
    ],
)
def test_whether_a_pre_run_may_fail(command: str, safe: bool) -> None:
    assert ends_safely(command) is safe


@pytest.mark.parametrize(
    ("command", "tools", "expected"),
    [
        ("git status || true", "Bash(git status *)", ()),
        ("git status || true", "Bash(git status:*)", ()),
        ("git status -s 2>&1 || true", ["Read", "Bash(git status *)"], ()),
        ("git status", "Bash", ()),
        ("git status", "Bash(*)", ()),
        ("git statusx", "Bash(git status *)", ("git statusx",)),
        ("git status", None, ("git status",)),
        ("git status", "Read, Grep", ("git status",)),
        ("git status && rm -rf x", "Bash(git status *)", ("rm -rf x",)),
        ("cat a | wc -l; ls & pwd", "Bash(cat *), Bash(ls *)", ("wc -l", "pwd")),
        ("git log --format='a | b; c' || true", "Bash(git log *)", ()),
        ('git log --format="a && b" > out.txt', "Bash(git log *)", ()),
        ("echo a\\;b", "Bash(echo *)", ()),
        ("npm run test", "Bash(npm run test)", ()),
        ("npm run tests", "Bash(npm run test)", ("npm run tests",)),
        ("git status", "Bash(git (x) *) Bash(git status)", ()),
    ],
)
def test_what_allowed_tools_leaves_out(
    command: str, tools: object, expected: tuple[str, ...]
) -> None:
    assert not_allowed(command, tools) == expected


@pytest.mark.parametrize(("kind", "name"), [("commands", "a.md"), ("skills", "one/SKILL.md")])
def test_a_pre_run_that_would_abort_is_found_at_its_line(kind: str, name: str) -> None:
    findings = check(kind, name, OK, "Text\n\n!`git status`\n")
    found = [f for f in findings if f.rule == "sources/pre-run"]
    assert rows(tuple(found)) == [("pre-run", "warning", 7), ("pre-run", "warning", 7)]
    assert found[0].hint == "add Bash(git *) to allowed-tools"
    assert found[1].hint == "end it in || true"
