"""The Python of this checkout as data: modules, their syntax trees, and what each of them imports.

Reads source text only; nothing is imported, so that a broken module still gets its guards.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("hubctl", "hooks_shared")
PYTHON = (*PRODUCT, "tests", "docs", "benchmarks")
_NAMED = re.compile(r"((?:hubctl|hooks_shared)(?:\.[a-z_]+)+)(?::[a-z_]+)?\Z")


@dataclass(frozen=True, kw_only=True)
class Import:
    """One module that another names.

    `kind`: "top" and "lazy" load it, "types" stands under TYPE_CHECKING, "text" is a dotted name
    in a string, which a literal table loads later.
    """

    module: str
    line: int
    kind: str


@dataclass(frozen=True, kw_only=True)
class Module:
    """One Python file; `name` is how it is imported."""

    name: str
    source: str
    path: str = ""

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.source)

    @property
    def package(self) -> str:
        """The first two parts: what a layer is made of."""
        return ".".join(self.name.split(".")[:2])

    def __str__(self) -> str:
        return self.path or self.name


def none_of(found: Iterable[object]) -> None:
    """Fail with one line for each thing that was found."""
    lines = [str(one) for one in found]
    assert not lines, "\n" + "\n".join(lines)


def modules(*tops: str) -> tuple[Module, ...]:
    """Every module below the given top folders, sorted."""
    paths = sorted(path for top in tops for path in (ROOT / top).rglob("*.py"))
    return tuple(_read(path.relative_to(ROOT)) for path in paths)


def _read(path: Path) -> Module:
    name = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
    return Module(name=name, source=(ROOT / path).read_text(encoding="utf-8"), path=str(path))


def imports(module: Module, known: frozenset[str]) -> tuple[Import, ...]:
    """Everything that a module names; `known` are the modules of this checkout."""
    collector = _Collector(module, known)
    collector.visit(module.tree)
    return tuple(collector.found)


class _Collector(ast.NodeVisitor):
    def __init__(self, module: Module, known: frozenset[str]) -> None:
        self.found: list[Import] = []
        self._module = module
        self._known = known
        self._kind = "top"

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._inside(node.body, self._kind if self._kind == "types" else "lazy")

    def visit_If(self, node: ast.If) -> None:
        types = ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")
        self._inside(node.body, "types" if types else self._kind)
        self._inside(node.orelse, self._kind)

    def _inside(self, body: list[ast.stmt], kind: str) -> None:
        before, self._kind = self._kind, kind
        for statement in body:
            self.visit(statement)
        self._kind = before

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._add(alias.name, node.lineno, self._kind)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        base = node.module or ""
        if node.level:
            parents = self._module.name.split(".")[: -node.level]
            base = ".".join([*parents, base]).strip(".")
        for alias in node.names:
            full = f"{base}.{alias.name}"
            self._add(full if full in self._known else base, node.lineno, self._kind)

    def visit_Constant(self, node: ast.Constant) -> None:
        match = _NAMED.match(node.value) if isinstance(node.value, str) else None
        if match and match[1] in self._known:
            self._add(match[1], node.lineno, "text")

    def _add(self, module: str, line: int, kind: str) -> None:
        self.found.append(Import(module=module, line=line, kind=kind))
