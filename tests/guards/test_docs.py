"""The documents: generated pages up to date, links that lead somewhere, commands that exist."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys

import pytest
from jsonschema import Draft202012Validator

from hubctl.cli.app import COMMANDS
from hubctl.config.load import load
from tests.guards.tree import ROOT, none_of

PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")], key=lambda path: str(path.parent)
)
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")
CALL = re.compile(r"(?:^|[`\s/(])hubctl(?: --hub \S+)? ([a-z][a-z-]*)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"^```(?:bash)?\n(.*?)^```|`([^`\n]+)`", re.MULTILINE | re.DOTALL)


def text_of(path):
    return path.read_text(encoding="utf-8")


def anchors(path):
    """Every heading of a page, as links name it."""
    heads = re.findall(r"^#+ (.+)$", FENCE.sub("", text_of(path)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def broken(path):
    for name, anchor in LINK.findall(FENCE.sub("", text_of(path))):
        place = path.parent / name if name else path
        if not place.exists():
            yield f"{path.relative_to(ROOT)}: {name} is not there"
        elif anchor and anchor not in anchors(place):
            yield f"{path.relative_to(ROOT)}: {name}#{anchor} is no heading"


def unknown_commands(text):
    """`hubctl …` in code that is no command of ours."""
    code = "\n".join(block or span for block, span in CODE.findall(text))
    code = re.sub(r"(?m)(?:^|\s)#.*$", "", code)
    return [name for name in CALL.findall(code) if name not in COMMANDS]


def test_generated_pages_are_up_to_date():
    done = subprocess.run(
        [sys.executable, "docs/build.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_links_lead_somewhere():
    none_of(found for path in PAGES for found in broken(path))


def test_pages_are_reached_from_the_index():
    seen = set()
    todo = [ROOT / "docs" / "index.md"]
    while todo:
        page = todo.pop().resolve()
        if page not in seen and page.suffix == ".md":
            seen.add(page)
            todo += [page.parent / name for name, _ in LINK.findall(text_of(page)) if name]
    none_of(path for path in PAGES if path.parent != ROOT and path not in seen)


def test_documents_name_commands_that_exist():
    shown = [path for path in PAGES if path.name != "CHANGELOG.md"]
    none_of(f"{path}: {name}" for path in shown for name in unknown_commands(text_of(path)))


@pytest.mark.parametrize("marker", ["try", "test"])
def test_the_readme_has_its_two_commands(marker):
    after = text_of(ROOT / "README.md").partition(f"<!-- command: {marker} -->\n\n```bash\n")[2]
    command = after.partition("\n```")[0]
    assert command.startswith("python3 -m venv .venv && .venv/bin/pip install ")
    assert "\n" not in command


YAML_BLOCK = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
SCHEMA = json.loads(text_of(ROOT / "schemas/canonical.schema.json"))
BLOCKS = [
    pytest.param(block, id=f"{path.relative_to(ROOT)}-{number}")
    for path in PAGES
    for number, block in enumerate(YAML_BLOCK.findall(text_of(path)), 1)
    if re.search(r"^[^#\n]", block, re.MULTILINE)
]


def problems(block):
    """What is wrong with an example: as canonical.yaml, canonical.local.yaml, or part of one."""
    canonical = load(block.encode(), file="example.yaml")
    if canonical.findings:
        return [str(finding.message) for finding in canonical.findings]
    found = canonical.document
    if found.keys() <= {"repos"}:
        return []  # an example of pre-commit's
    places = [SCHEMA, SCHEMA["$defs"]["localFile"], SCHEMA["$defs"]["defaults"]]
    errors = [
        [
            error.message
            for error in Draft202012Validator({**place, "$defs": SCHEMA["$defs"]}).iter_errors(
                found
            )
        ]
        for place in places
    ]
    return min(errors, key=len)


@pytest.mark.parametrize("block", BLOCKS)
def test_examples_of_canonical_are_valid(block):
    assert problems(block) == []


def test_a_wrong_example_is_found():
    assert problems("repositorys: {api: {}}\n")
    assert problems("repositories: {api: {paht: x}}\n")
    assert problems("a: [\n")


def test_an_unknown_command_is_found():
    assert unknown_commands("run `hubctl aply`") == ["aply"]
    assert unknown_commands("hubctl owns fields; run `hubctl apply`") == []


def test_functions_for_readers_of_the_store_exist():
    text = text_of(ROOT / "docs/concepts/metrics.md").partition("## For readers of the store")[2]
    named = set(re.findall(r"`((?!batch\.)[\w.]+\.\w+)\(", text))
    assert len(named) > 8
    missing = []
    for name in named:
        module, _, function = name.rpartition(".")
        if not hasattr(importlib.import_module(f"hubctl.metrics.{module}"), function):
            missing.append(name)
    none_of(missing)
