"""What no file of this project may say: places of build machines, registries, private homes."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.guards.tree import ROOT, none_of

# Spelled in two halves, so that this file may say them.
REFUSED = {
    "a folder of a build machine": r"(?<![\w.~])/(work|tmp/venv|builds|workspace)"
    + r"/|\.py"
    + r"env\b",
    "a package registry": "(?i)"
    + r"\b(pypi|pythonhosted|npmjs|rubygems|crates)\."
    + "(org|com|io)",
    "a private folder": "/media/" + "sam",
    "a document that is not here": r"\b(architecture|semantics|features)" + r"\.md\b",
}
SEED = "tests/fixtures/seed-002.yaml"
# Other people's words, kept as they are; their notice stands in schemas/THIRD_PARTY.md.
FOREIGN = ("schemas/claude-code-settings.",)
NAMED = re.compile(
    r"(?<![\w/~.-])(?:docs|schemas|templates|tests|benchmarks)/[\w./-]+\.(?:md|json)\b"
)


def tracked():
    """Files that git tracks or would add."""
    names = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(names, cwd=ROOT, capture_output=True, check=True)
    paths = sorted({name for name in done.stdout.decode().split("\0") if name})
    return [path for path in paths if (ROOT / path).is_file() and not path.startswith(FOREIGN)]


def read(path):
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


def refused(text):
    return [
        f"{number}: {why}: {line.strip()[:80]}"
        for number, line in enumerate(text.splitlines(), 1)
        for why, pattern in REFUSED.items()
        if re.search(pattern, line)
    ]


FILES = tracked()


def test_no_file_names_a_place_it_should_not():
    texts = {path: read(path) for path in FILES if path != SEED}
    none_of(f"{path}:{found}" for path, text in texts.items() for found in refused(text))


def test_files_that_the_code_names_exist():
    code = [path for path in FILES if path.startswith(("hubctl/", "hooks_shared/"))]
    named = [(path, name) for path in code for name in NAMED.findall(read(path))]
    none_of((path, name) for path, name in named if not (ROOT / name).exists())


@pytest.mark.parametrize(
    "line",
    [
        "cd /wo" + "rk/main",
        "see https://pyp" + "i.org/project/x",
        "/med" + "ia/sam/src",
        "as semantics" + ".md says",
    ],
)
def test_what_is_refused_is_found(line):
    assert refused(line)


@pytest.mark.parametrize("line", ["~/src/api/work/x", "network/", "semantics.py", "./root/x"])
def test_what_is_fine_passes(line):
    assert refused(line) == []
