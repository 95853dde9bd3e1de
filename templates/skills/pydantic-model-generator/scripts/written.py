"""The text of a module with Pydantic v2 models for a shape. Standard library only."""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass, field

from shapes import Shape

TYPES = {
    "moment": ("pydantic", "AwareDatetime"),
    "local": ("datetime", "datetime"),
    "date": ("datetime", "date"),
    "time": ("datetime", "time"),
    "uuid": ("uuid", "UUID"),
    "decimal": ("decimal", "Decimal"),
    "url": ("pydantic", "HttpUrl"),
}
MAP_KEYS = 12  # keys of one shape from which an object is a map rather than a record
# Names that mean something in a model, or that a field must not hide from the types after it.
TAKEN = {"model_config", "schema", "json", "dict", "copy", "validate", "construct", "register"}
TAKEN |= {"date", "time", "datetime", "int", "float", "str", "bool", "list", "fields", "type_"}


@dataclass
class Models:
    """Classes as they are found, outermost last; `assumptions` is what no sample proves."""

    name: str
    extra: str
    classes: list[str] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    imports: set[tuple[str, str]] = field(default_factory=set)
    assumptions: list[str] = field(default_factory=list)
    ambiguous: bool = False  # somewhere a field is called what another key is

    def module(self, shape: Shape) -> str:
        """The whole module."""
        self.imports |= {("pydantic", "BaseModel"), ("pydantic", "ConfigDict")}
        self.used |= {"Model", *(name for _, name in TYPES.values()), "Any", "Literal", "Field"}
        self.used |= {"BaseModel", "ConfigDict"}
        self.used.discard(self.name)
        base = "Model" if self.name != "Model" else "Base"
        self.used.add(base)
        self._class(shape, self.name, base)
        aliased = ("pydantic", "Field") in self.imports
        by_name = ", populate_by_name=True" if aliased and not self.ambiguous else ""
        config = f"ConfigDict(extra={quoted(self.extra)}{by_name})"
        head = f"class {base}(BaseModel):\n    model_config = {config}\n"
        return (
            "\n\n\n".join(
                [f"{self._head()}\n\n{head}".rstrip("\n"), *(c.rstrip("\n") for c in self.classes)]
            )
            + "\n"
        )

    def _head(self) -> str:
        standard = [self._import(m) for m in ("datetime", "decimal", "typing", "uuid")]
        blocks = ["\n".join(line for line in standard if line), self._import("pydantic")]
        return "from __future__ import annotations\n\n" + "\n\n".join(b for b in blocks if b) + "\n"

    def _import(self, module: str) -> str:
        names = sorted(name for found, name in self.imports if found == module)
        return f"from {module} import {', '.join(names)}" if names else ""

    def _class(self, shape: Shape, name: str, base: str) -> str:
        given = self._free(name)
        fields = self._fields(shape, given, base)
        body = "".join(f"    {line}\n" for line in fields) or "    pass\n"
        same = self.known.get(body)
        if same is not None and given != self.name:
            self.used.discard(given)
            return same
        self.known[body] = given
        self.classes.append(f"class {given}({base}):\n{body}")
        return given

    def _free(self, name: str) -> str:
        number, found = 1, name
        while found in self.used:
            number += 1
            found = f"{name}{number}"
        self.used.add(found)
        return found

    def _fields(self, shape: Shape, where: str, base: str) -> list[str]:
        lines: list[str] = []
        names: set[str] = set()
        # What has to be there first, then what may be missing; each in the order of the samples.
        ordered = sorted(shape.keys.items(), key=lambda item: item[1].count < shape.objects)
        for key, inner in ordered:
            field_name = _field_name(key, names)
            names.add(field_name)
            self.ambiguous |= field_name != key and field_name in shape.keys
            missing = inner.count < shape.objects
            hint = self._type(inner, f"{where}.{key}", _class_name(key), base)
            lines.append(self._line(field_name, key, hint, missing=missing))
        return lines

    def _line(self, name: str, key: str, hint: str, *, missing: bool) -> str:
        if missing and not hint.endswith("None") and hint != "Any":
            hint = f"{hint} | None"
        if name == key:
            return f"{name}: {hint}" + (" = None" if missing else "")
        self.imports.add(("pydantic", "Field"))
        default = "default=None, " if missing else ""
        return f"{name}: {hint} = Field({default}alias={quoted(key)})"

    def _type(self, shape: Shape, where: str, name: str, base: str) -> str:
        """The type of everything seen at one place."""
        kinds = shape.kinds - {"null"}
        if "int" in kinds and "float" in kinds:
            kinds -= {"int"}
        types = [self._one(kind, shape, where, name, base) for kind in sorted(kinds)]
        if not types:
            self.imports.add(("typing", "Any"))
            self.assumptions.append(f"{where}: only null was seen, so its type is Any")
            return "Any"
        if len(types) > 1:
            self.assumptions.append(f"{where}: {' or '.join(types)}, as the samples have it")
        return " | ".join([*types, *(["None"] if "null" in shape.kinds else [])])

    def _one(self, kind: str, shape: Shape, where: str, name: str, base: str) -> str:
        if kind == "object":
            return self._object(shape, where, name, base)
        if kind == "list":
            return self._list(shape, where, name, base)
        return self._text(shape, where) if kind == "str" else kind

    def _object(self, shape: Shape, where: str, name: str, base: str) -> str:
        if not shape.keys:
            self.imports.add(("typing", "Any"))
            self.assumptions.append(f"{where}: only empty objects were seen")
            return "dict[str, Any]"
        if _is_map(shape):
            self.assumptions.append(f"{where}: so many keys of one form are a map, not a record")
            joined = joined_shape(shape.keys.values())
            return f"dict[str, {self._type(joined, where + '.*', name, base)}]"
        return self._class(shape, name, base)

    def _list(self, shape: Shape, where: str, name: str, base: str) -> str:
        if shape.items is None or not shape.items.count:
            self.imports.add(("typing", "Any"))
            self.assumptions.append(f"{where}: only empty lists were seen")
            return "list[Any]"
        return f"list[{self._type(shape.items, where + '[]', _singular(name), base)}]"

    def _text(self, shape: Shape, where: str) -> str:
        form = next((name for name in TYPES if name in (shape.forms or ())), "")
        if form and shape.kinds <= {"str", "null"}:
            self.imports.add(TYPES[form])
            if form == "decimal":
                self.assumptions.append(f"{where}: digits and a point are an amount (Decimal)")
            return TYPES[form][1]
        words = shape.closed_set()
        if words:
            self.imports.add(("typing", "Literal"))
            self.assumptions.append(f"{where}: no other text than {', '.join(words)}")
            return f"Literal[{', '.join(map(quoted, words))}]"
        return "str"


def quoted(text: str) -> str:
    """A Python literal of a text, in double quotes where that is plain."""
    plain = text.isprintable() and '"' not in text and "\\" not in text
    return f'"{text}"' if plain else repr(text)


def joined_shape(shapes) -> Shape:
    """What several shapes have in common, as one."""
    whole = Shape()
    for one in shapes:
        whole.count += one.count
        whole.kinds |= one.kinds
        whole.objects += one.objects
        for key, inner in one.keys.items():
            whole.keys[key] = joined_shape([whole.keys[key], inner]) if key in whole.keys else inner
        if one.items is not None:
            whole.items = joined_shape([whole.items, one.items]) if whole.items else one.items
        for text, count in one.texts.items():
            whole.texts[text] = whole.texts.get(text, 0) + count
        if one.forms is not None:
            whole.forms = one.forms if whole.forms is None else whole.forms & one.forms
    return whole


def _is_map(shape: Shape) -> bool:
    """Many keys, hardly one in every object or none a name, and values of one kind."""
    kinds = {frozenset(inner.kinds - {"null"}) for inner in shape.keys.values()}
    if len(kinds) != 1:
        return False
    odd = all(not re.fullmatch(r"[A-Za-z_][A-Za-z_]*", key) for key in shape.keys)
    return len(shape.keys) > MAP_KEYS or (odd and len(shape.keys) > 1)


def _field_name(key: str, names: set[str]) -> str:
    """A Python name for a key: snake case, no keyword, each once."""
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", key)
    text = re.sub(r"[^0-9a-z]+", "_", text.lower()).strip("_")
    if not text or text[0].isdigit() or text.startswith("model_"):
        text = f"field_{text}".rstrip("_")
    if keyword.iskeyword(text) or text in TAKEN:
        text += "_"
    found, number = text, 1
    while found in names:
        number += 1
        found = f"{text}_{number}"
    return found


def _class_name(key: str) -> str:
    words = re.findall(r"[A-Za-z0-9]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", key))
    text = "".join(word[:1].upper() + word[1:] for word in words)
    return text if text and not text[0].isdigit() and not keyword.iskeyword(text) else f"Part{text}"


def _singular(name: str) -> str:
    if name.endswith("ies") and len(name) > 4:
        return f"{name[:-3]}y"
    return name[:-1] if name.endswith("s") and not name.endswith("ss") and len(name) > 3 else name
