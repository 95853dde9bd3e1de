"""The form of the code: small files, short functions, telling names, a word at the top of each."""

from __future__ import annotations

import ast

import pytest

from tests.guards.tree import PYTHON, ROOT, Module, modules

MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 60
EMPTY_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "manager",
    "managers",
    "core",
    "misc",
}
NO_DOCSTRING_NEEDED = ("tests", "benchmarks")
ALL = modules(*PYTHON)


def long_functions(module: Module) -> list[str]:
    return [
        f"{module}:{node.lineno}: {node.name} has {lines} lines"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > MOST_LINES_OF_A_FUNCTION
    ]


def empty_names(module: Module) -> set[str]:
    return {part.strip("_") for part in module.name.split(".")} & EMPTY_NAMES


@pytest.mark.parametrize("module", ALL, ids=str)
def test_form(module):
    assert len(module.source.splitlines()) <= MOST_LINES
    assert long_functions(module) == []
    assert empty_names(module) == set()


@pytest.mark.parametrize(
    "module", [m for m in ALL if not m.name.startswith(NO_DOCSTRING_NEEDED)], ids=str
)
def test_a_module_says_what_it_owns(module):
    assert ast.get_docstring(module.tree)


def test_every_folder_of_tests_is_a_package():
    """Two test files of one name in plain folders would be one module to pytest."""
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    assert [
        str(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()
    ] == []


def test_what_is_too_long_or_empty_is_found():
    body = "\n".join(["    pass"] * MOST_LINES_OF_A_FUNCTION)
    assert long_functions(Module(name="x", source=f"def f():\n{body}\n"))
    assert not long_functions(Module(name="x", source="def f():\n    pass\n"))
    assert empty_names(Module(name="hubctl.config._utils", source=""))
    assert not empty_names(Module(name="hubctl.config.edit", source=""))
