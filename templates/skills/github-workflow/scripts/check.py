#!/usr/bin/env python3
"""Finds what is dangerous or fragile in GitHub Actions workflows.

    python3 check.py FILE... [--json]

Not a parser's check: `actionlint` is that. Here are the rules of this skill: who may write, whose
text reaches a shell, what is pinned, what ends. Exits 1 where something is found. Python 3.11 or
newer, standard library only.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path

from lines import Entry, Workflow, read

Finding = tuple[int, str, str]

# Whatever a stranger may choose: title, text, names of branches.
UNTRUSTED = re.compile(
    r"\$\{\{[^}]*\b(github\.head_ref|github\.event\.[\w.*\[\]-]*"
    r"(title|body|message|head\.ref|head\.label|head_ref|name|email|default_branch|page_name))\b"
)
OFFICIAL = re.compile(r"(actions|github)/")
HASH = re.compile(r"@[0-9a-f]{40}$")
STRONG = ("pull_request_target", "workflow_run")
THEIRS = re.compile(r"head\.sha|head\.ref|head_ref|head_sha|head_branch|merge_commit_sha|pull/")


def main() -> int:
    parser = argparse.ArgumentParser(description="What is dangerous or fragile in a workflow.")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    found = [(path, *one) for path in given.files for one in check(text_of(path))]
    if given.json:
        keys = ("file", "line", "rule", "message")
        print(json.dumps([dict(zip(keys, (str(p), *r), strict=True)) for p, *r in found], indent=1))
    else:
        for path, line, rule, message in found:
            print(f"{path}:{line}: {message} [{rule}]")
    return 1 if found else 0


def text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SystemExit(f"{path}: {error}") from error


def check(text: str) -> list[Finding]:
    """Everything that is wrong with one workflow, by line."""
    workflow = read(text)
    rules = (_unread, _permissions, _times, _shell, _pinned, _strangers, _credentials, _secrets)
    return sorted(found for rule in rules for found in rule(workflow))


def _unread(workflow: Workflow) -> Iterator[Finding]:
    for line, why in workflow.unread:
        yield line, "unread", f"{why}: look at this part yourself"
    if not workflow.at("jobs", "**") and not workflow.at("runs", "**"):
        yield 1, "no-jobs", "there are no jobs"


def _permissions(workflow: Workflow) -> Iterator[Finding]:
    top = workflow.at("permissions", "**")
    jobs = _jobs(workflow)
    told = {one.path[1] for one in workflow.at("jobs", "*", "permissions", "**")}
    # What is only called has its caller's permissions, and asking for more would refuse to start.
    called = {one.path[1] for one in workflow.at("on", "*")} == {"workflow_call"}
    if not top and not called and set(jobs) - told:
        yield 1, "permissions", "no permissions: the token may do all that the repository allows"
    for one in (*top, *workflow.at("jobs", "*", "permissions")):
        if one.value == "write-all":
            yield one.line, "permissions", "write-all: name what is needed"
    for one in top:
        if len(one.path) == 2 and one.value == "write":
            yield one.line, "permissions", f"{one.path[1]}: write for every job; give it to one"


def _times(workflow: Workflow) -> Iterator[Finding]:
    for name, line in _jobs(workflow).items():
        called = workflow.at("jobs", name, "uses")
        if not called and not workflow.at("jobs", name, "timeout-minutes"):
            yield line, "timeout", f"the job {name} has no timeout-minutes: it may hang six hours"


def _shell(workflow: Workflow) -> Iterator[Finding]:
    for one in _each_step(workflow, "run"):
        found = UNTRUSTED.search(one.value)
        if found:
            message = f"{found[1]} is a stranger's text inside a script: pass it through env"
            yield one.line, "injection", message
        lines = [line for line in one.value.split("\n") if line and not line.startswith("#")]
        if len(lines) > 10:
            yield one.line, "long-script", f"{len(lines)} lines: make it a script of the repository"


def _pinned(workflow: Workflow) -> Iterator[Finding]:
    calls = (*_each_step(workflow, "uses"), *workflow.at("jobs", "*", "uses"))
    for one in calls:
        if one.value.startswith("./") or HASH.search(one.value):
            continue
        if one.value.startswith("docker://"):
            if "@sha256:" not in one.value:
                yield one.line, "pin", f"{one.value}: name the image by its digest"
        elif "@" not in one.value:
            yield one.line, "pin", f"{one.value} has no version"
        elif not OFFICIAL.match(one.value):
            yield one.line, "pin", f"{one.value}: pin others' actions by their full commit hash"


def _strangers(workflow: Workflow) -> Iterator[Finding]:
    events = [one for name in STRONG for one in workflow.at("on", name)]
    events += [one for one in workflow.at("on") if any(name in one.value for name in STRONG)]
    if not events:
        return
    for one in _each_step(workflow, "with", "ref"):
        if THEIRS.search(one.value):
            message = "code of the pull request is checked out where secrets are"
            yield one.line, "strangers-code", message


def _credentials(workflow: Workflow) -> Iterator[Finding]:
    for one in _each_step(workflow, "uses"):
        if one.value.startswith("actions/checkout@"):
            kept = workflow.at(*one.path[:-1], "with", "persist-credentials")
            if not kept:
                message = "checkout leaves its token behind: persist-credentials: false"
                yield one.line, "credentials", f"{message} (true where the job pushes)"


def _secrets(workflow: Workflow) -> Iterator[Finding]:
    for one in _each_step(workflow, "run"):
        if re.search(r"\$\{\{\s*secrets\.", one.value):
            yield one.line, "secret-in-script", "a secret inside a script: pass it through env"
    for one in workflow.at("jobs", "*", "secrets"):
        if one.value == "inherit":
            yield one.line, "secrets-inherit", "secrets: inherit hands over all: name them"


def _jobs(workflow: Workflow) -> dict[str, int]:
    """Name of a job → its line."""
    return {one.path[1]: one.line for one in workflow.entries if _is_job(one)}


def _is_job(one: Entry) -> bool:
    return len(one.path) == 2 and one.path[0] == "jobs"


def _each_step(workflow: Workflow, *key: str) -> list[Entry]:
    """A key of every step: of jobs, and of a composite action."""
    return [
        *workflow.at("jobs", "*", "steps", "*", *key),
        *workflow.at("runs", "steps", "*", *key),
    ]


if __name__ == "__main__":
    raise SystemExit(main())
