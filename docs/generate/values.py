"""Which texts an expression of the program can have, by following it to the literals it is made of.

Follows constants, f-strings, parameters to every call, loops over literal tables, subscripts of
literal maps, and fields of rows. What is known only at run time becomes `…`. A text that depends on
which call or row it is carries that choice, so that texts of one finding can be paired.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from generate.source import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generate.source import Index

UNKNOWN = "…"
DEEPEST = 12

Choices = dict[object, object]
Text = tuple[str, Choices]


def agree(one: Choices, other: Choices) -> bool:
    """Whether two values can meet in one run: where both had a choice, they took the same."""
    return all(other.get(key, value) == value for key, value in one.items())


class Evaluator:
    """Evaluates expressions of an index to all texts they can have, each with its choices.

    Args:
        index: the program.
        given: choices already made; texts that need others are left out.
        precise: spell out every value that is put into an f-string; else only what is certain.
    """

    def __init__(self, index: Index, *, given: Choices | None = None, precise: bool = True) -> None:
        self._index = index
        self._given = given or {}
        self._precise = precise
        self._kinds = {
            ast.Constant: self._constant,
            ast.FormattedValue: self._filled_in,
            ast.JoinedStr: self._f_string,
            ast.BinOp: self._sum,
            ast.BoolOp: self._either,
            ast.IfExp: self._condition,
            ast.Subscript: self._subscript,
            ast.Call: self._call,
            ast.Attribute: self._attribute,
            ast.Name: self._name,
        }

    def texts(self, node: ast.AST, scope: Scope, depth: int = 0) -> list[Text]:
        """All texts of an expression; `…` where it cannot be followed."""
        if depth > DEEPEST:
            return [(UNKNOWN, {})]
        found = self._kinds.get(type(node), self._unknown)(node, scope, depth + 1)
        return [text for text in found if agree(self._given, text[1])] or [(UNKNOWN, {})]

    def _unknown(self, node: ast.AST, scope: Scope, depth: int) -> list[Text]:
        return [(UNKNOWN, {})]

    def _constant(self, node: ast.Constant, scope: Scope, depth: int) -> list[Text]:
        return [(node.value, {})] if isinstance(node.value, str) else [(UNKNOWN, {})]

    def _filled_in(self, node: ast.FormattedValue, scope: Scope, depth: int) -> list[Text]:
        found = self.texts(node.value, scope, depth)
        certain = self._precise or len({text for text, _ in found}) == 1
        return found if certain else [(UNKNOWN, {})]

    def _f_string(self, node: ast.JoinedStr, scope: Scope, depth: int) -> list[Text]:
        texts: list[Text] = [("", {})]
        for part in node.values:
            texts = _joined(texts, self.texts(part, scope, depth))
        return texts

    def _sum(self, node: ast.BinOp, scope: Scope, depth: int) -> list[Text]:
        if not isinstance(node.op, ast.Add):
            return [(UNKNOWN, {})]
        return _joined(self.texts(node.left, scope, depth), self.texts(node.right, scope, depth))

    def _either(self, node: ast.BoolOp, scope: Scope, depth: int) -> list[Text]:
        return [text for value in node.values for text in self.texts(value, scope, depth)]

    def _condition(self, node: ast.IfExp, scope: Scope, depth: int) -> list[Text]:
        key = (scope.name, ast.unparse(node.test))
        branches = ((node.body, True), (node.orelse, False))
        return [
            (text, {**choices, key: taken})
            for branch, taken in branches
            for text, choices in self.texts(branch, scope, depth)
            if choices.get(key, taken) == taken
        ]

    def _subscript(self, node: ast.Subscript, scope: Scope, depth: int) -> list[Text]:
        table = self._definition(node.value, scope)
        if not isinstance(table, ast.Dict):
            return [(UNKNOWN, {})]
        wanted = self.texts(node.slice, scope, depth)
        found = []
        for key, value in zip(table.keys, table.values, strict=True):
            names = {text for text, _ in self.texts(key, scope, depth)} if key else set()
            for text, choices in wanted:
                if text in names or text == UNKNOWN:
                    found += [(v, {**choices, **c}) for v, c in self.texts(value, scope, depth)]
        return found

    def _call(self, node: ast.Call, scope: Scope, depth: int) -> list[Text]:
        """What a function of ours returns, or the first of some names."""
        if not self._precise:
            return [(UNKNOWN, {})]
        if ast.unparse(node.func) == "next" and isinstance(node.args[0], ast.GeneratorExp):
            default = self.texts(node.args[1], scope, depth) if len(node.args) > 1 else []
            return self.texts(node.args[0].elt, scope, depth) + default
        full = self._index.full_name(ast.unparse(node.func), scope.unit)
        found = self._index.find(full)
        if found is None or not isinstance(found[0], ast.FunctionDef):
            return [(UNKNOWN, {})]
        inside = Scope(found[1], found[0])
        returns = [one for one in ast.walk(found[0]) if isinstance(one, ast.Return)]
        return [t for one in returns if one.value for t in self.texts(one.value, inside, depth)]

    def _attribute(self, node: ast.Attribute, scope: Scope, depth: int) -> list[Text]:
        enum = self._enum(node.value, scope)
        if enum is not None:
            return [(text, {}) for name, text in _members(enum) if name == node.attr]
        if node.attr == "value":
            return self._all_members(node.value, scope)
        return self._field(node, scope, depth)

    def _enum(self, node: ast.expr, scope: Scope) -> ast.ClassDef | None:
        found = self._definition(node, scope)
        is_class = isinstance(found, ast.ClassDef)
        return found if is_class and any("num" in ast.unparse(b) for b in found.bases) else None

    def _all_members(self, node: ast.expr, scope: Scope) -> list[Text]:
        """`row.status.value`: every member of the enum that the field is annotated with."""
        if not isinstance(node, ast.Attribute):
            return [(UNKNOWN, {})]
        owner = self._class_of(node.value, scope)
        for statement in owner[0].body if owner else ():
            if isinstance(statement, ast.AnnAssign) and ast.unparse(statement.target) == node.attr:
                enum = self._enum(statement.annotation, Scope(owner[1].unit)) if owner else None
                if enum is not None:
                    return [(text, {}) for _, text in _members(enum)]
        return [(UNKNOWN, {})]

    def _class_of(self, node: ast.expr, scope: Scope) -> tuple[ast.ClassDef, Scope] | None:
        """The class that a parameter is annotated with."""
        for argument in _parameters(scope.function) if isinstance(node, ast.Name) else ():
            if argument.arg == node.id and isinstance(argument.annotation, ast.Name):
                full = self._index.full_name(argument.annotation.id, scope.unit)
                found = self._index.find(full)
                if found and isinstance(found[0], ast.ClassDef):
                    return found[0], Scope(found[1], None, found[0])
        return None

    def _field(self, node: ast.Attribute, scope: Scope, depth: int) -> list[Text]:
        """`rule.id`: the field of every row of a literal table of its class.

        Rows made on the way are too many to spell out, unless one of them is already chosen.
        """
        owner = self._class_of(node.value, scope) or _class_with(node.attr, scope)
        if owner is None:
            return [(UNKNOWN, {})]
        full = f"{owner[1].unit.name}.{owner[0].name}"
        found: list[Text] = []
        for call, place in self._index.calls[full]:
            table = place.function is None
            if not (table or self._precise or full in self._given):
                continue
            value = _argument_of_row(node.attr, call, owner[0])
            texts = self.texts(value, place, depth) if value is not None else [(UNKNOWN, {})]
            found += [(text, {**choices, full: call}) for text, choices in texts]
        return found

    def _name(self, node: ast.Name, scope: Scope, depth: int) -> list[Text]:
        function = scope.function
        if function is not None:
            if any(argument.arg == node.id for argument in _parameters(function)):
                return self._parameter(node.id, function, scope, depth)
            local = _reaching(node, function) or list(_assigned(node.id, function))
            if local:
                return [t for value, key in local for t in self._local(value, key, scope, depth)]
        found = self._definition(node, scope)
        return self.texts(found, scope, depth) if isinstance(found, ast.expr) else []

    def _local(self, value: ast.AST, at: int | None, scope: Scope, depth: int) -> list[Text]:
        if at is None:
            return self.texts(value, scope, depth)
        rows = self._definition(value, scope) if isinstance(value, ast.Name) else value
        found: list[Text] = []
        for row in rows.elts if isinstance(rows, ast.Tuple | ast.List) else ():
            element = row.elts[at] if at >= 0 and isinstance(row, ast.Tuple) else row
            choice: Choices = {rows: row}
            found += [(t, {**c, **choice}) for t, c in self.texts(element, scope, depth)]
        return found

    def _parameter(
        self, name: str, function: ast.FunctionDef, scope: Scope, depth: int
    ) -> list[Text]:
        found: list[Text] = []
        for call, place in self._index.callers(scope):
            value = _argument(name, call, function, method=scope.owner is not None)
            if value is not None:
                inside = place if value not in _defaults(function).values() else scope
                texts = self.texts(value, inside, depth)
                found += [(t, {**c, function: call}) for t, c in texts]
        return found

    def _definition(self, node: ast.AST, scope: Scope) -> ast.AST | None:
        if not isinstance(node, ast.Name):
            return None
        found = self._index.find(self._index.full_name(node.id, scope.unit))
        return found[0] if found else None


def _fields(owner: ast.ClassDef) -> list[str]:
    return [ast.unparse(one.target) for one in owner.body if isinstance(one, ast.AnnAssign)]


def _class_with(name: str, scope: Scope) -> tuple[ast.ClassDef, Scope] | None:
    """The one class of a module that has such a field, where no annotation tells."""
    classes = [one for one in scope.unit.defined.values() if isinstance(one, ast.ClassDef)]
    fitting = [one for one in classes if name in _fields(one)]
    return (fitting[0], Scope(scope.unit, None, fitting[0])) if len(fitting) == 1 else None


def _argument_of_row(name: str, call: ast.Call, owner: ast.ClassDef) -> ast.expr | None:
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    return given.get(name) or dict(zip(_fields(owner), call.args, strict=False)).get(name)


def _joined(left: list[Text], right: list[Text]) -> list[Text]:
    return [
        (one + other, {**chosen, **others})
        for one, chosen in left
        for other, others in right
        if agree(chosen, others)
    ]


def _members(enum: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for node in enum.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            yield ast.unparse(node.targets[0]), str(node.value.value)


def _parameters(function: ast.FunctionDef | None) -> list[ast.arg]:
    return [*function.args.args, *function.args.kwonlyargs] if function else []


def _assigned(name: str, function: ast.AST) -> Iterator[tuple[ast.AST, int | None]]:
    """Values that a local name is given: (expression, None), or (rows, column) of a loop."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            yield from _pairs(name, node.targets[0], node.value)
        elif isinstance(node, ast.NamedExpr) and node.target.id == name:
            yield node.value, None
        elif isinstance(node, ast.For | ast.comprehension):
            if isinstance(node.target, ast.Tuple):
                names = [ast.unparse(element) for element in node.target.elts]
                if name in names:
                    yield node.iter, names.index(name)
            elif ast.unparse(node.target) == name:
                yield node.iter, -1


def _reaching(use: ast.Name, function: ast.FunctionDef) -> list[tuple[ast.AST, int | None]]:
    """The assignments that a use can see: the last certain one before it, and later ones."""
    seen: list[tuple[ast.AST, int | None]] = []
    for statement in _before(use, function.body):
        found = list(_assigned(use.id, statement))
        if found:
            nested = isinstance(statement, ast.If | ast.Try | ast.With)
            seen = seen + found if nested else found
    return seen


def _before(use: ast.AST, body: list[ast.stmt]) -> Iterator[ast.AST]:
    """The statements that run before a use on the way down to it, heads of loops included."""
    for statement in body:
        if not _holds(use, [statement]):
            if not _leaves(statement):
                yield statement
            continue
        if isinstance(statement, ast.For):
            yield ast.For(statement.target, statement.iter, [], [])
        blocks = [getattr(statement, name, []) for name in ("body", "orelse", "finalbody")]
        for block in blocks:
            if _holds(use, block):
                yield from _before(use, block)
        return


def _holds(use: ast.AST, body: list[ast.stmt]) -> bool:
    return any(node is use for statement in body for node in ast.walk(statement))


def _leaves(statement: ast.stmt) -> bool:
    last = statement.body[-1] if isinstance(statement, ast.If) else None
    return isinstance(last, ast.Return | ast.Raise | ast.Continue)


def _pairs(name: str, target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.AST, None]]:
    if ast.unparse(target) == name:
        yield value, None
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, other in zip(target.elts, value.elts, strict=False):
            yield from _pairs(name, one, other)


def _defaults(function: ast.FunctionDef) -> dict[str, ast.expr]:
    args = function.args
    late = args.args[len(args.args) - len(args.defaults) :]
    pairs = {a.arg: d for a, d in zip(late, args.defaults, strict=True)}
    given = zip(args.kwonlyargs, args.kw_defaults, strict=True)
    return pairs | {a.arg: d for a, d in given if d is not None}


def _argument(
    name: str, call: ast.Call, function: ast.FunctionDef, *, method: bool
) -> ast.expr | None:
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    names = [argument.arg for argument in function.args.args][1 if method else 0 :]
    if name in names and names.index(name) < len(call.args):
        return call.args[names.index(name)]
    return _defaults(function).get(name)
