"""What the source of a Python file says about its functions, without importing it.

Shared by outline.py and pin.py. Standard library only.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from pathlib import Path

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef

# A call of one of these does something beside giving a result.
EFFECTS = {
    *("input", "open", "print", "exec", "eval", "os", "shutil", "subprocess", "socket", "requests"),
    *("httpx", "urllib", "sqlite3", "tempfile", "signal", "threading", "multiprocessing"),
}
# These give another result each time.
CHANGING = {"random", "secrets", "uuid", "time", "now", "today", "utcnow", "urandom"}


@dataclass
class Function:
    """One public function or method.

    `raises` are (type, message as written, line); `branches` (condition, line); `calls` the dotted
    names that it calls.
    """

    name: str
    node: FunctionNode
    line: int
    signature: str
    doc: str
    raises: list[tuple[str, str, int]] = field(default_factory=list)
    branches: list[tuple[str, int]] = field(default_factory=list)
    examples: list[tuple[str, str]] = field(default_factory=list)
    calls: set[str] = field(default_factory=set)

    def effects(self) -> list[str]:
        """Calls that reach the world outside, sorted."""
        return sorted(call for call in self.calls if set(call.split(".")) & EFFECTS)

    def changing(self) -> list[str]:
        """Calls that depend on clock or chance, sorted."""
        return sorted(call for call in self.calls if set(call.split(".")) & CHANGING)


def read(path: Path) -> ast.Module:
    """The file as a tree; a file that is no Python ends the script with its line."""
    try:
        return ast.parse(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise SystemExit(f"{path}: {error}") from error
    except SyntaxError as error:
        raise SystemExit(f"{path}:{error.lineno}: {error.msg}") from error


def functions(tree: ast.Module) -> list[Function]:
    """Public functions, and public methods of public classes as `Class.method`."""
    found = []
    for node in tree.body:
        if isinstance(node, FunctionNode):
            found.append(_function(node.name, node))
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            inner = [one for one in node.body if isinstance(one, FunctionNode)]
            found += [_function(f"{node.name}.{one.name}", one) for one in inner]
    return [one for one in found if not one.name.rpartition(".")[2].startswith("_")]


def reached(tree: ast.Module, name: str) -> set[str]:
    """Everything that a function calls, through other functions of the same file too."""
    known = {
        one.name: _function(one.name, one) for one in tree.body if isinstance(one, FunctionNode)
    }
    todo, seen, calls = [name], set(), set()
    while todo:
        one = todo.pop()
        if one in known and one not in seen:
            seen.add(one)
            calls |= known[one].calls
            todo += known[one].calls
    return calls


def _function(name: str, node: FunctionNode) -> Function:
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    doc = ast.get_docstring(node) or ""
    found = Function(name, node, node.lineno, f"({ast.unparse(node.args)}){returns}", doc)
    for inner in ast.walk(node):
        _note(found, inner)
    found.examples = _examples(doc)
    return found


def _note(found: Function, node: ast.AST) -> None:
    if isinstance(node, ast.Raise) and node.exc is not None:
        call = node.exc if isinstance(node.exc, ast.Call) else None
        message = ast.unparse(call.args[0]) if call and call.args else ""
        found.raises.append((ast.unparse(call.func if call else node.exc), message, node.lineno))
    elif isinstance(node, ast.If | ast.While | ast.IfExp):
        found.branches.append((ast.unparse(node.test), node.lineno))
    elif isinstance(node, ast.match_case):
        found.branches.append((f"case {ast.unparse(node.pattern)}", node.pattern.lineno))
    elif isinstance(node, ast.ExceptHandler):
        caught = ast.unparse(node.type) if node.type else "anything"
        found.branches.append((f"except {caught}", node.lineno))
    elif isinstance(node, ast.Call):
        found.calls.add(ast.unparse(node.func))


def _examples(doc: str) -> list[tuple[str, str]]:
    """The doctest examples of a docstring: expression and expected output."""
    import doctest

    try:
        parsed = doctest.DocTestParser().get_examples(doc)
    except ValueError:
        return []
    return [(one.source.strip(), one.want.strip()) for one in parsed if one.want]
