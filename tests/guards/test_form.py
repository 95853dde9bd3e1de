"""The form of the code: small files, short functions, telling names, a word at the top of each."""

from __future__ import annotations

import ast

from tests.guards.tree import PYTHON, ROOT, Module, modules, none_of

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


def test_files_are_small():
    lines = {str(module): len(module.source.splitlines()) for module in ALL}
    none_of(f"{path}: {count} lines" for path, count in lines.items() if count > MOST_LINES)


def test_functions_are_short():
    none_of(found for module in ALL for found in long_functions(module))


def test_names_tell_what_a_module_is_for():
    none_of(str(module) for module in ALL if empty_names(module))


def test_a_module_says_what_it_owns():
    ours = [module for module in ALL if not module.name.startswith(NO_DOCSTRING_NEEDED)]
    none_of(str(module) for module in ours if not ast.get_docstring(module.tree))


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
