"""`hubctl metrics query`: a named question, or SQL, over what was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hubctl.metrics.schema import Scalar
    from hubctl.metrics.store import Answer


@click.command()
@click.argument("question", metavar="NAME|SQL", required=False)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--no-refresh", is_flag=True, help="Do not read what is new first.")
@click.pass_obj
def command(hub_path: str | None, *, question: str | None, as_json: bool, no_refresh: bool) -> int:
    """Answer a question by its name, or a SELECT over the tables.

    Without one, the names are listed. SQL can only read. Times are microseconds since 1970 in UTC;
    totals are over rows with `counted`; `daily_…` hold the same by local day.
    """
    from hubctl.cli.measuring import measured
    from hubctl.metrics.queries import BY_NAME

    if question is None:
        return _list()
    query = BY_NAME.get(question)
    with measured(hub_path, fresh=not no_refresh, untrusted=True) as store:
        answer = store.query(query.sql if query else _statement(question))
    if as_json:
        _print_json(question, answer)
    else:
        _print(answer)
    return 0


def _statement(question: str) -> str:
    """SQL as given; one word is a name that nobody knows.

    Raises:
        UsageError: it is one.
    """
    from hubctl.errors import UsageError
    from hubctl.metrics.queries import BY_NAME

    if " " in question.strip():
        return question
    import difflib

    near = difflib.get_close_matches(question, BY_NAME, n=1)
    hint = f"did you mean {near[0]}?" if near else "hubctl metrics query lists the names"
    raise UsageError(f"there is no question {question!r}", hint=hint)


def _list() -> int:
    from hubctl.cli.tables import print_table
    from hubctl.metrics.queries import QUERIES

    rows = [(query.name, query.title) for query in QUERIES]
    print_table(("NAME", "WHAT IT ANSWERS"), rows, empty="")
    return 0


def _print_json(question: str, answer: Answer) -> None:
    from hubctl.cli.tables import print_json

    rows = [list(row) for row in answer.rows]
    print_json(
        "hubctl/metrics-query",
        {"question": question, "columns": list(answer.columns), "rows": rows},
    )


def _print(answer: Answer) -> None:
    from hubctl.cli.tables import print_table
    from hubctl.output.cells import printable

    rows = [tuple(printable(_shown(value)) for value in row) for row in answer.rows]
    numbers = [
        at
        for at in range(len(answer.columns))
        if answer.rows and all(isinstance(row[at], int | float | type(None)) for row in answer.rows)
    ]
    head = tuple(name.upper() for name in answer.columns)
    print_table(head, rows, empty="nothing was found", right=numbers)


def _shown(value: Scalar) -> str:
    if value is None:
        return "unknown"
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e6 else str(value)
