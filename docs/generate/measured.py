"""The page of what is measured, and the JSON twin of its declaration."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from generate.markdown import cell, code, table
from hubctl.metrics.queries import QUERIES
from hubctl.metrics.schema import schema_of

if TYPE_CHECKING:
    from pathlib import Path

    from hubctl.metrics.schema import Column, Table

_HEAD = """\
# What is measured

Seven tables, in the [local store](../concepts/metrics.md) and in a QuestDB that they go to. Times
are in UTC. Totals are over rows with `counted`; a row that is not was told better by another
source. Every exported table has a column `machine` in front.

"""


_QUESTIONS = """
## Questions with a name

`hubctl metrics query NAME` answers them; SQL in its place is a SELECT over the tables and their
roll-ups.

"""


def document(root: Path) -> dict[str, Any]:
    """What schemas/metrics.yaml declares."""
    from ruamel.yaml import YAML

    loaded: dict[str, Any] = YAML(typ="safe").load(root / "schemas/metrics.yaml")
    return loaded


def twin(root: Path) -> str:
    """Text of schemas/metrics.json, which the program reads."""
    return json.dumps(document(root), indent=1, ensure_ascii=False) + "\n"


def page(root: Path) -> str:
    """docs/reference/metrics.md."""
    declared = schema_of(document(root))
    return _HEAD + "\n".join(_section(one) for one in declared.tables) + _questions()


def _questions() -> str:
    rows = [(code(query.name), cell(query.title)) for query in QUERIES]
    return _QUESTIONS + table(("name", "what it answers"), rows)


def _section(one: Table) -> str:
    keys = ", ".join(code(name) for name in one.keys)
    sources = ", ".join(code(name) for name in one.sources)
    rows = [(code(column.name), _type(column), cell(column.description)) for column in one.columns]
    return (
        f"## {one.name}\n\n{one.description}\n\n"
        f"Keys: {keys}. Sources, the best first: {sources}. Rows are kept for {one.retention_days}"
        f" days; the roll-up `{one.daily_name}` by {_words(one)} stays.\n\n"
        + table(("column", "type", "what it is"), rows)
    )


def _words(one: Table) -> str:
    return ", ".join(("day", *one.daily.by))


def _type(column: Column) -> str:
    return f"{column.type}, {cell(column.unit)}" if column.unit else column.type
