"""Start-up is a feature: which modules a command may load before it has anything to do."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.guards.tree import ROOT

HEAVY = {
    "copier",
    "deepdiff",
    "detect_secrets",
    "git",
    "jinja2",
    "jsonschema",
    "requests",
    "rich",
    "ruamel",
    "yaml",
}
# Command line → what it may not load.
ANYWHERE = {
    "--version": HEAVY | {"click", "hashlib", "json", "subprocess"},
    "--help": HEAVY,
    "drift --help": HEAVY,
    "apply --help": HEAVY,
}
# On a hub in sync; canonical.yaml is found compiled, so YAML and its validator are not needed.
IN_SYNC = {
    "plan": HEAVY,
    "diff": HEAVY,
    "drift": HEAVY,
    "drift --json": HEAVY,
    "drift --format sarif": HEAVY,
}
_RUN = """\
import sys
from hubctl.cli.main import main
code = main(sys.argv[2:])
with open(sys.argv[1], "w") as out:
    print(code, *sorted(sys.modules), file=out)
"""
CANONICAL = """\
hub:
  name: team
repositories:
  api:
    path: {root}
    test_command: pytest
    overrides:
      permissions:
        allow: ["Bash(pytest:*)"]
"""


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    """A hub over one repository, applied."""
    base = tmp_path_factory.mktemp("start-up")
    make_hub(base)
    run(base, "apply", "--yes")
    return base


def make_hub(base):
    (base / "home").mkdir()
    root = base / "api"
    git = ["git", "-c", "init.defaultBranch=main", "init", "--quiet", str(root)]
    subprocess.run(git, check=True, env=environment(base))
    (base / "canonical.yaml").write_text(CANONICAL.format(root=root))


def environment(base):
    """An environment of its own, so that nothing is found in or written to a real home."""
    home = str(base / "home")
    return {
        "PATH": os.environ["PATH"],
        "HOME": home,
        "HUBCTL_DEBUG": "1",
        "GIT_CONFIG_NOSYSTEM": "1",
    }


def run(base, *arguments):
    """The top names of all modules that a command loads which exits 0."""
    out = base / "modules"
    out.unlink(missing_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", _RUN, str(out), *arguments],
        cwd=base,
        env={**environment(base), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    code, *names = out.read_text().split() if out.exists() else ("none",)
    assert code == "0", done.stderr
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("line", ANYWHERE)
def test_a_command_loads_nothing_heavy(tmp_path, line):
    (tmp_path / "home").mkdir()
    names = run(tmp_path, *line.split())
    assert names & ANYWHERE[line] == set()


@pytest.mark.parametrize("line", IN_SYNC)
def test_a_command_loads_nothing_heavy_where_nothing_is_to_do(hub, line):
    names = run(hub, *line.split())
    assert names & IN_SYNC[line] == set()


def test_importing_the_command_table_loads_nothing_heavy():
    code = "import hubctl.cli.app, json, sys; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT)
    assert {name.split(".")[0] for name in json.loads(done.stdout)} & HEAVY == set()


def test_the_measure_sees_a_heavy_module(tmp_path):
    """A first look loads YAML and its validator; unseen here, the rows above would say nothing."""
    make_hub(tmp_path)
    assert {"ruamel", "jsonschema"} <= run(tmp_path, "validate")
