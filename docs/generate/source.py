"""The program's source as a small index: who defines a name, and who calls it.

Made for `findings`: nothing is imported or run, so that pages can be made of any checkout.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(eq=False)
class Unit:
    """One module: its tree, its module-level names, and what its imports call things."""

    name: str
    tree: ast.Module
    defined: dict[str, ast.AST] = field(default_factory=dict)
    imported: dict[str, str] = field(default_factory=dict)


@dataclass(eq=False)
class Scope:
    """Where an expression stands: a module, and the innermost function or method."""

    unit: Unit
    function: ast.FunctionDef | None = None
    owner: ast.ClassDef | None = None

    @property
    def name(self) -> str:
        """How the function is called from elsewhere; "" at module level."""
        if self.function is None:
            return ""
        owner = f"{self.owner.name}." if self.owner else ""
        return f"{self.unit.name}.{owner}{self.function.name}"


class Index:
    """All modules of a package."""

    def __init__(self, root: Path, package: str) -> None:
        self.units: dict[str, Unit] = {}
        self.calls: dict[str, list[tuple[ast.Call, Scope]]] = defaultdict(list)
        for path in sorted((root / package).rglob("*.py")):
            name = ".".join(path.relative_to(root).with_suffix("").parts)
            self._add(Unit(name.removesuffix(".__init__"), ast.parse(path.read_text("utf-8"))))
        for unit in self.units.values():
            self._walk(unit.tree, Scope(unit))

    def _add(self, unit: Unit) -> None:
        self.units[unit.name] = unit
        for node in ast.walk(unit.tree):
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    unit.imported[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        for node in unit.tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                unit.defined[node.name] = node
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                unit.defined[node.targets[0].id] = node.value
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                unit.defined[node.target.id] = node.value or node.annotation

    def _walk(self, node: ast.AST, scope: Scope) -> None:
        for child in ast.iter_child_nodes(node):
            inner = scope
            if isinstance(child, ast.ClassDef):
                inner = Scope(scope.unit, None, child)
            elif isinstance(child, ast.FunctionDef):
                inner = Scope(scope.unit, child, scope.owner)
            elif isinstance(child, ast.Call):
                self.calls[self._called(child.func, scope)].append((child, scope))
            self._walk(child, inner)

    def _called(self, function: ast.expr, scope: Scope) -> str:
        if isinstance(function, ast.Name):
            return self.full_name(function.id, scope.unit)
        if isinstance(function, ast.Attribute):
            base = function.value
            if isinstance(base, ast.Name) and base.id == "self" and scope.owner:
                return f"{scope.unit.name}.{scope.owner.name}.{function.attr}"
            if isinstance(base, ast.Name) and base.id in scope.unit.imported:
                return f"{scope.unit.imported[base.id]}.{function.attr}"
            return f".{function.attr}"
        return ""

    def full_name(self, name: str, unit: Unit) -> str:
        """`package.module.name` of a name as used in a module."""
        if name in unit.imported:
            return unit.imported[name]
        return f"{unit.name}.{name}" if name in unit.defined else name

    def find(self, full: str) -> tuple[ast.AST, Unit] | None:
        """The definition behind a full name."""
        module, _, name = full.rpartition(".")
        unit = self.units.get(module)
        return (unit.defined[name], unit) if unit and name in unit.defined else None

    def callers(self, scope: Scope) -> list[tuple[ast.Call, Scope]]:
        """Every call of the function of a scope.

        A method is also found where it is called on something else than `self`, in its own module
        and in those that name its class.
        """
        found = list(self.calls[scope.name])
        if scope.owner and scope.function:
            full = f"{scope.unit.name}.{scope.owner.name}"
            for call, place in self.calls[f".{scope.function.name}"]:
                if place.unit is scope.unit or full in place.unit.imported.values():
                    found.append((call, place))
        return found
