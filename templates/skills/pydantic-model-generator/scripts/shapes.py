"""What JSON values have in common: types seen, keys, texts of one form. Standard library only."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID

FEW = 6  # different texts that may be a closed set
OFTEN = 4  # times as many values as different ones, before a set counts as closed
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,30}\Z")
# Stricter than the standard, so that whatever it lets through is one for pydantic too.
_URL = re.compile(r"https?://([a-z][a-z0-9]*\.)*[a-z]{2,20}(:\d{1,4})?(/[!-~]*)?\Z")


@dataclass
class Shape:
    """Everything seen at one place.

    Attributes:
        count: values seen. kinds: JSON types among them.
        objects: how many objects; keys: key → shape of its values.
        items: shape of the items of all lists.
        texts: text → how often, up to a bound; forms: what all texts can be read as.
    """

    count: int = 0
    kinds: set[str] = field(default_factory=set)
    objects: int = 0
    keys: dict[str, Shape] = field(default_factory=dict)
    items: Shape | None = None
    texts: dict[str, int] = field(default_factory=dict)
    forms: set[str] | None = None

    def closed_set(self) -> list[str]:
        """The texts, where they are few words that keep coming back; else []."""
        seen = sum(self.texts.values())
        words = all(map(_WORD.match, self.texts))
        few = 0 < len(self.texts) <= FEW and seen >= OFTEN * len(self.texts)
        return sorted(self.texts) if few and words else []


def shape_of(value: object, shape: Shape) -> None:
    """Take one value into a shape."""
    shape.count += 1
    kind = _kind(value)
    shape.kinds.add(kind)
    if isinstance(value, dict):
        shape.objects += 1
        for key, inner in value.items():
            shape_of(inner, shape.keys.setdefault(key, Shape()))
    elif isinstance(value, list):
        shape.items = shape.items or Shape()
        for inner in value:
            shape_of(inner, shape.items)
    elif isinstance(value, str):
        _take_text(value, shape)


def _kind(value: object) -> str:
    names = {bool: "bool", int: "int", float: "float", str: "str", dict: "object", list: "list"}
    return names.get(type(value), "null")


def _take_text(value: str, shape: Shape) -> None:
    if len(shape.texts) <= FEW or value in shape.texts:
        shape.texts[value] = shape.texts.get(value, 0) + 1
    forms = {name for name, reads in FORMS.items() if reads(value)}
    shape.forms = forms if shape.forms is None else shape.forms & forms


def _is_date(text: str) -> bool:
    return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text)) and _reads(date.fromisoformat, text)


def _is_moment(text: str) -> bool:
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", text):
        return False
    return _reads(datetime.fromisoformat, text.replace("Z", "+00:00"))


def _is_local_moment(text: str) -> bool:
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?", text):
        return False
    return _reads(datetime.fromisoformat, text)


def _is_time(text: str) -> bool:
    return bool(re.fullmatch(r"\d\d:\d\d:\d\d", text)) and _reads(time.fromisoformat, text)


def _is_uuid(text: str) -> bool:
    return bool(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text)) and _reads(
        UUID, text
    )


def _is_decimal(text: str) -> bool:
    return bool(re.fullmatch(r"-?(0|[1-9]\d{0,11})\.\d{2,6}", text)) and math.isfinite(float(text))


def _reads(read, text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


# Form → whether a text has it; the models' type for it stands in written.py.
FORMS = {
    "moment": _is_moment,
    "local": _is_local_moment,
    "date": _is_date,
    "time": _is_time,
    "uuid": _is_uuid,
    "decimal": _is_decimal,
    "url": lambda text: bool(_URL.match(text)),
}
