"""What a hook process may load: start-up is part of every tool call."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hubctl.system.hooks_package import package_folder, registry
from tests.hooks.inputs import event_text

if TYPE_CHECKING:
    from tests.hooks.world import World

FORBIDDEN = {"re", "json", "typing", "dataclasses", "enum", "collections", "subprocess", "signal"}
FORBIDDEN |= {"contextlib", "functools", "pathlib", "hashlib", "logging", "argparse", "site"}
# Beside what the bare interpreter has loaded.
ALLOWED = {"os", "stat", "posixpath", "genericpath", "os.path", "_stat", "_collections_abc"}
ALLOWED |= {"_json", "binascii", "resource", "errno", "gc"}
OWN = {"", ".jsontext", ".contract", ".places", ".compiled", ".isolate", ".repair", ".store"}
OWN |= {".context", ".dispatch", ".loading"}
MODULES = sorted(Path(package_folder()).rglob("*.py"))

REPORT = """
import os, sys
leave = os._exit
def report(code):
    os.write({descriptor}, ("\\n".join(sorted(sys.modules))).encode())
    leave(code)
os._exit = report
sys.argv = ["run.py", "PreToolUse"]
path = {run!r}
exec(compile(open(path).read(), path, "exec"), {{"__name__": "__main__", "__file__": path}})
"""


def _loaded(world: World, code: str) -> set[str]:
    path = world.root / "modules"
    with path.open("w") as file:
        text = REPORT.format(descriptor=file.fileno(), run=code)
        subprocess.run(
            [sys.executable, "-I", "-S", "-c", text],
            input=event_text("PreToolUse").encode(),
            env=world.environment(),
            pass_fds=(file.fileno(),),
            check=True,
            capture_output=True,
            timeout=60,
        )
    return set(path.read_text().split("\n"))


def _bare() -> set[str]:
    code = "import sys; print('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, check=True, text=True
    )
    return set(done.stdout.split("\n"))


def test_a_declining_run_loads_the_allowed_modules_only(world: World) -> None:
    world.hook("quiet", "def decide(event, context):\n    return None\n")
    loaded = _loaded(world, str(world.release / "run.py")) - _bare()
    ours = {"hooks_shared" + name for name in OWN}
    family = {"hooks_shared.families", "hooks_shared.families.tests"}
    assert loaded - ALLOWED == ours | family | {"hooks_shared.families.tests.quiet"}


@pytest.mark.parametrize(
    "hook", [h for h in registry.HOOKS if not h.observing], ids=lambda hook: hook.id
)
def test_no_blocking_hook_loads_a_slow_module(world: World, hook: registry.Hook) -> None:
    options = dict(hook.options)
    world.enable(hook.id, "PreToolUse", module=hook.module, options=options)
    loaded = _loaded(world, str(world.release / "run.py"))
    assert hook.module in loaded
    assert not loaded & FORBIDDEN


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_the_package_imports_the_standard_library_and_itself(path: Path) -> None:
    for name, at_top in _imports(path):
        first = name.partition(".")[0]
        assert first == "hooks_shared" or first in sys.stdlib_module_names
        assert not (at_top and first in FORBIDDEN and path.name != "shape.py"), name


def _imports(path: Path) -> list[tuple[str, bool]]:
    """Every imported module, and whether it is imported with the module at run time."""
    tree = ast.parse(path.read_text("utf-8"))
    found = []
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            package = node.module == "hooks_shared"
            names = [
                f"{node.module}.{alias.name}" if package else str(node.module)
                for alias in node.names
            ]
        found += [(name, node in tree.body) for name in names]
    return found


def test_hooks_import_no_sibling() -> None:
    for path in MODULES:
        if "families" in path.parts:
            for name, _ in _imports(path):
                assert not name.startswith("hooks_shared.families"), f"{path}: {name}"


def test_only_the_isolation_catches_everything() -> None:
    allowed = {"isolate.py", "dispatch.py"}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                broad = node.type is None or (
                    isinstance(node.type, ast.Name)
                    and node.type.id in ("Exception", "BaseException")
                )
                assert not broad or path.name in allowed, f"{path.name}:{node.lineno}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_hooks_never_print_or_exit(path: Path) -> None:
    if "families" not in path.parts:
        return
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            assert name not in ("print", "exit", "sys.exit", "os._exit", "input")


def test_the_bytes_of_the_table_survive_json() -> None:
    for hook in registry.HOOKS:
        assert json.loads(json.dumps(hook.options)) == hook.options


def test_the_package_is_layered_as_it_says() -> None:
    import hooks_shared

    lines = [line for line in (hooks_shared.__doc__ or "").splitlines() if line.startswith("    ")]
    order = [name for line in lines for name in line.strip().partition("  ")[0].split()]
    folder = Path(package_folder())
    parts = {path: path.relative_to(folder).parts[0].removesuffix(".py") for path in MODULES}
    assert {*order, "__init__"} == set(parts.values())
    for path, own in parts.items():
        for name, _ in _imports(path):
            if name.startswith("hooks_shared."):
                other = name.split(".")[1]
                assert order.index(other) <= order.index(own), f"{path} imports {name}"
