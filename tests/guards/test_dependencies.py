"""Every dependency is used and says what for, and nothing is used that is not declared."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest

from tests.guards.tree import ROOT, imports, modules

SOURCE = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
PROJECT = tomllib.loads(SOURCE)["project"]
# Not imported: programs and plug-ins that the second command or .ci/run starts.
BUILD = "hatchling"  # looked for by the test that builds a wheel
PROGRAMS = {"pytest-xdist": "-n auto", "ruff": "ruff check", "mypy": "mypy"}
# Plugins of pytest, by the setting that they add.
PLUGINS = {"pytest-timeout": "timeout"}
# Types of a declared library, read by mypy alone.
STUBS = re.compile(r"types-(?P<of>.+)")


def plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def distribution(requirement):
    return plain(re.split(r"[\[<>=~! ]", requirement)[0])


RUN = [distribution(one) for one in PROJECT["dependencies"]]
DEV = [distribution(one) for one in PROJECT["optional-dependencies"]["dev"]]
# What a command says to install where it is asked for something that few want.
EXTRAS = [
    distribution(one)
    for name, extra in PROJECT["optional-dependencies"].items()
    for one in extra
    if name != "dev"
]


def imported(*tops):
    """Distributions that modules below these folders import, and the names without one."""
    known = frozenset(module.name for module in modules("hubctl", "hooks_shared"))
    names = {
        found.module.partition(".")[0]
        for module in modules(*tops)
        for found in imports(module, known)
        if found.kind != "text"
    }
    foreign = names - sys.stdlib_module_names - {"hubctl", "hooks_shared", "tests", "generate", ""}
    owners = packages_distributions()
    return {name: {plain(owner) for owner in owners.get(name, ())} for name in foreign}


@pytest.mark.parametrize("name", RUN)
def test_a_dependency_is_imported_by_the_program(name):
    assert name in set().union(*imported("hubctl").values())


@pytest.mark.parametrize("name", [name for name in DEV if not STUBS.match(name)])
def test_a_dependency_of_development_is_used(name):
    if name in PROGRAMS:
        texts = [(ROOT / path).read_text(encoding="utf-8") for path in ("README.md", ".ci/run")]
        assert PROGRAMS[name] in "".join(texts)
    elif name in PLUGINS:
        assert f"\n{PLUGINS[name]} = " in SOURCE.partition("[tool.pytest.ini_options]")[2]
    elif name == BUILD:
        assert name in (ROOT / "tests/release/test_wheel.py").read_text(encoding="utf-8")
    else:
        assert name in set().union(*imported("tests").values())


@pytest.mark.parametrize("name", [name for name in DEV if STUBS.match(name)])
def test_stubs_are_those_of_a_dependency(name):
    assert STUBS.match(name)["of"] in RUN


def test_what_the_program_imports_is_declared():
    known = {*RUN, *EXTRAS}
    assert {n: o for n, o in imported("hubctl").items() if not (o or {plain(n)}) & known} == {}
    assert imported("hooks_shared") == {}


@pytest.mark.parametrize("requirement", [*PROJECT["dependencies"], *DEV])
def test_a_dependency_says_what_for(requirement):
    lines = [line for line in SOURCE.splitlines() if f'"{requirement}' in line]
    assert any(re.search(r",\s+# \S", line) for line in lines)
