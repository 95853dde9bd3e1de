"""`hubctl metrics query`: a named question, or SQL, over what was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hubctl.metrics.asking import Found

FORMATS = ("table", "json", "csv")


def _names(
    _ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[click.shell_completion.CompletionItem]:
    from hubctl.metrics.queries import QUERIES

    found = [query for query in QUERIES if query.name.startswith(incomplete)]
    return [click.shell_completion.CompletionItem(one.name, help=one.title) for one in found]


@click.command()
@click.argument("question", metavar="NAME|SQL", required=False, shell_complete=_names)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(FORMATS),
    default="table",
    show_default=True,
    help="How the answer is written. A table shows the first thousand rows.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option(
    "--seconds",
    type=click.IntRange(1, 3600),
    default=60,
    show_default=True,
    help="How long finding the answer may take.",
)
@click.option("--no-refresh", is_flag=True, help="Do not read what is new first.")
@click.pass_obj
def command(  # noqa: PLR0913 - one parameter per option
    hub_path: str | None,
    *,
    question: str | None,
    format_name: str,
    as_json: bool,
    seconds: int,
    no_refresh: bool,
) -> int:
    """Answer a question by its name, or a SELECT over the tables.

    Without one, the names are listed. SQL can only read. Times are microseconds since 1970 in UTC,
    which a table shows as local time; totals are over rows with `counted`; `daily_…` hold the same
    by local day.
    """
    from hubctl.cli.measuring import bring_up_to_date
    from hubctl.metrics.asking import asked
    from hubctl.metrics.queries import BY_NAME
    from hubctl.metrics.store import metrics_path, open_store
    from hubctl.system.places import find_places

    if question is None:
        return _list()
    query = BY_NAME.get(question)
    sql = query.sql if query else _statement(question)
    if not no_refresh:
        bring_up_to_date(hub_path)
    with (
        open_store(metrics_path(find_places()), untrusted=True) as store,
        asked(store, sql, float(seconds)) as found,
    ):
        _answer(question, found, "json" if as_json else format_name)
    return 0


def _statement(question: str) -> str:
    """SQL as given; one word is a name that nobody knows.

    Raises:
        UsageError: it is one.
    """
    from hubctl.errors import UsageError
    from hubctl.metrics.queries import BY_NAME

    if len(question.split()) > 1:
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


def _answer(question: str, found: Found, format_name: str) -> None:
    from hubctl.cli import answers
    from hubctl.cli.context import say, write
    from hubctl.cli.terminal import find_terminal
    from hubctl.errors import UsageError
    from hubctl.system.export_files import laid_down, write_stdout

    if not found.columns:
        raise UsageError("that asks nothing", hint="write a SELECT")
    if format_name == "table":
        text, more = answers.as_table(found, find_terminal().width)
        write(text)
        said = f"only the first {answers.MOST_ROWS} rows are shown; --format csv has all"
        say([said] if more else [])
        return
    parts = answers.as_csv(found) if format_name == "csv" else answers.as_json(question, found)
    with laid_down() as kept:
        # A reader who takes his time must not hold the store, nor use up the answer's.
        kept.put(parts)
        write_stdout(kept.parts())
