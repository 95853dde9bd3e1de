"""Layers: imports point downward, the pure packages stay pure, and system is the one door."""

from __future__ import annotations

import ast
import sys

import pytest

from tests.guards.tree import Import, Module, imports, modules, none_of

# Lowest first. Packages of one row never import each other, except in the first row: a finding is
# part of an error, and an address may be wrong.
LAYERS = (
    ("hubctl", "hubctl.model", "hubctl.errors", "hubctl.shipped"),
    ("hubctl.documents",),
    ("hubctl.config", "hubctl.output", "hubctl.system"),
    ("hubctl.render",),
    ("hubctl.engine", "hubctl.check", "hubctl.metrics", "hubctl.queue"),
    ("hubctl.reports",),
    (
        "hubctl.fleet",
        "hubctl.scaffold",
        "hubctl.demo",
        "hubctl.live",
        "hubctl.release",
        "hubctl.checkpoint",
    ),
    # They stand on a fleet: one edits its canonical.yaml, one packs what it gives.
    ("hubctl.adopt", "hubctl.packaging"),
    ("hubctl.health",),
    # Shows the sections of reports and the checks of health.
    ("hubctl.dashboard",),
    ("hubctl.cli",),
    ("hubctl.__main__",),
)
RANK = {package: rank for rank, row in enumerate(LAYERS) for package in row}

PURE = ("hubctl.config", "hubctl.render", "hubctl.documents", "hubctl.output", "hubctl.model")
# Not part of the world: the rows of the hooks, which travel with the program as its schemas do.
PROGRAM = frozenset({"hubctl.system.hooks_package"})

EFFECTS = frozenset(
    {
        *("asyncio", "ctypes", "fcntl", "ftplib", "getpass", "glob", "http", "logging", "os"),
        *("multiprocessing", "pathlib", "platform", "pwd", "random", "resource", "secrets"),
        *("select", "shutil", "signal", "smtplib", "socket", "sqlite3", "ssl", "subprocess"),
        *("tempfile", "termios", "threading", "time", "urllib", "uuid", "webbrowser"),
    }
)
PURE_PARTS = frozenset({"urllib.parse"})
# What a path says about itself, whatever stands there.
PURE_PATHS = frozenset(
    {
        *("basename", "commonpath", "commonprefix", "dirname", "isabs", "join", "normcase"),
        *("normpath", "relpath", "sep", "split", "splitext"),
    }
)
# What engine and above may ask by themselves: where a path leads. Contents go through the door.
LOOKS = frozenset({"fsencode", "fsdecode", "path"})
CLOCKS = (".now", ".utcnow", ".today")

PRODUCT = modules("hubctl")
HOOKS = modules("hooks_shared")
KNOWN = frozenset(module.name for module in (*PRODUCT, *HOOKS))


def upward(module: Module) -> list[str]:
    """Imports that do not point downward, whichever way they are spelled."""
    return [
        f"{module}:{found.line}: {module.package} names {found.module} ({found.kind})"
        for found in imports(module, KNOWN)
        if found.module.split(".")[0] == "hubctl" and not _allowed(module.package, found)
    ]


def _allowed(package: str, found: Import) -> bool:
    other = ".".join(found.module.split(".")[:2])
    if package == other:
        return True
    if package not in RANK or other not in RANK:
        return False
    return RANK[other] < RANK[package] or RANK[other] == RANK[package] == 0


def impure(module: Module) -> list[str]:
    """What a pure module takes from the world: modules, the system layer, files, the clock."""
    found = [
        f"{module}:{found.line}: imports {found.module}"
        for found in imports(module, KNOWN)
        if found.kind != "types" and _is_effect(found.module)
    ]
    return found + [f"{module}:{line}: uses {what}" for line, what in _uses(module, PURE_PATHS)]


def _is_effect(module: str) -> bool:
    if module in PROGRAM:
        return False
    return module.startswith("hubctl.system") or _is_effect_of_python(module)


def _is_effect_of_python(module: str) -> bool:
    # `os` is judged by the member that is used.
    top = module.partition(".")[0]
    return top in EFFECTS - {"os"} and module not in PURE_PARTS


def reaching_out(module: Module) -> list[str]:
    """What a module above system does to the world without asking the door."""
    names = {found.module for found in imports(module, KNOWN) if found.kind != "types"}
    found = [f"{module}: imports {name}" for name in sorted(names) if _is_effect_of_python(name)]
    return found + [f"{module}:{line}: uses {what}" for line, what in _uses(module, None)]


def _uses(module: Module, paths: frozenset[str] | None) -> list[tuple[int, str]]:
    """Calls of `open` and clocks, and members of `os` beyond what is allowed.

    `paths` are the members of `os.path` that are; None allows all of LOOKS.
    """
    found = []
    for node in ast.walk(module.tree):
        text = _dotted(node)
        called = _dotted(node.func) if isinstance(node, ast.Call) else ""
        if called in ("open", "input") or called.endswith(CLOCKS):
            found.append((node.lineno, f"{called}()"))
        elif text.startswith("os.") and not _allowed_of_os(text, paths):
            found.append((node.lineno, text))
    return found


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = _dotted(node.value)
        return f"{base}.{node.attr}" if base else ""
    return ""


def _allowed_of_os(text: str, paths: frozenset[str] | None) -> bool:
    parts = text.split(".")
    if paths is None:
        return parts[1] in LOOKS
    return parts[1] == "path" and (len(parts) == 2 or parts[2] in paths)


# The process's own edge: its streams, its terminal, its last words about a bug.
EDGE = ("hubctl.cli.main", "hubctl.cli.terminal", "hubctl.cli.context")
ABOVE = [
    module
    for module in PRODUCT
    if RANK.get(module.package, 0) >= RANK["hubctl.engine"] and module.name not in EDGE
]


def test_every_package_has_a_layer():
    packages = {module.package for module in PRODUCT}
    assert packages - RANK.keys() == set()


def test_imports_point_downward():
    none_of(found for module in PRODUCT for found in upward(module))


def test_pure_packages_take_nothing_from_the_world():
    pure = [module for module in PRODUCT if module.package in PURE]
    none_of(found for module in pure for found in impure(module))


def test_only_system_touches_the_world():
    none_of(found for module in ABOVE for found in reaching_out(module))


def past_the_door(module: Module) -> list[str]:
    """Imports of hooks_shared that an installed hubctl, which has no such package, cannot make."""
    return [
        f"{module}:{found.line}: imports {found.module}"
        for found in imports(module, KNOWN)
        if found.kind != "types" and found.module.partition(".")[0] == "hooks_shared"
    ]


def test_one_module_of_hubctl_makes_the_hooks_importable():
    others = [module for module in PRODUCT if module.name not in PROGRAM]
    none_of(found for module in others for found in past_the_door(module))


@pytest.mark.parametrize(
    "source", ["from hooks_shared.places import HOOKS", "def f():\n    import hooks_shared.store"]
)
def test_an_import_past_the_door_is_found(source):
    assert past_the_door(Module(name="hubctl.health.x", source=source))


def test_hooks_import_the_standard_library_and_each_other():
    foreign = [
        f"{module}:{found.line}: imports {found.module}"
        for module in HOOKS
        for found in imports(module, KNOWN)
        if found.module.partition(".")[0] not in {"hooks_shared", *sys.stdlib_module_names}
    ]
    none_of(foreign)


# A hook process pays for each of these in every event.
SLOW_IN_A_HOOK = frozenset(
    {
        *("asyncio", "dataclasses", "enum", "inspect", "json", "logging", "pathlib", "re"),
        *("shutil", "sqlite3", "subprocess", "tempfile", "typing", "urllib"),
    }
)


def test_hooks_load_nothing_slow_at_import():
    slow = [
        f"{module}:{found.line}: imports {found.module}"
        for module in HOOKS
        for found in imports(module, KNOWN)
        if found.kind == "top" and found.module.partition(".")[0] in SLOW_IN_A_HOOK
    ]
    none_of(slow)


@pytest.mark.parametrize(
    ("package", "source"),
    [
        ("hubctl.model.x", "import hubctl.engine.plan"),
        ("hubctl.model.x", "from hubctl import render"),
        ("hubctl.config.x", "from hubctl.output import FORMATS"),
        ("hubctl.config.x", "def f():\n    from hubctl.render import RENDERERS"),
        ("hubctl.engine.x", "if TYPE_CHECKING:\n    from hubctl.fleet.hub import Hub"),
        ("hubctl.render.x", "ROW = 'hubctl.fleet.hub:open_hub'"),
        ("hubctl.release.x", "from hubctl.fleet import hub"),
        ("hubctl.newcomer.x", "import hubctl.model.item"),
        ("hubctl.documents.x", "from ..engine import plan"),
    ],
)
def test_an_upward_import_is_found(package, source):
    assert len(upward(Module(name=package, source=source))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "import os\nos.path.exists('x')",
        "import os\nos.environ",
        "from pathlib import Path",
        "import subprocess",
        "open('x')",
        "from datetime import date\ndate.today()",
        "def f():\n    from hubctl.system.files import look",
    ],
)
def test_an_effect_in_a_pure_module_is_found(source):
    assert impure(Module(name="hubctl.render.x", source=source))


@pytest.mark.parametrize("source", ["import os\nos.stat('x')", "open('x')", "import subprocess"])
def test_an_effect_beside_the_door_is_found(source):
    assert reaching_out(Module(name="hubctl.fleet.x", source=source))


@pytest.mark.parametrize(
    "source",
    [
        "import os\nos.path.join('a', 'b')",
        "if TYPE_CHECKING:\n    from pathlib import Path",
        "from hubctl.system.hooks_package import registry",
        "door.open('x')",
    ],
)
def test_what_is_pure_passes(source):
    assert impure(Module(name="hubctl.render.x", source=source)) == []
