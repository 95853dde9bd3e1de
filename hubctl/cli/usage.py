"""`hubctl usage`: tokens and cost, by whatever somebody wants to compare."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hubctl.metrics.store import Store
    from hubctl.reports.periods import Span
    from hubctl.reports.usage import Only
    from hubctl.reports.usage_page import UsagePage

    _Choice = click.Choice[str]
else:
    _Choice = click.Choice  # generic since click 8.2 only

BY = ("day", "week", "month", "session", "project", "model", "block")
FORMATS = ("text", "json", "csv")
_SECONDS = 5.0
_REPORTS = {"daily": "day", "weekly": "week", "monthly": "month"}  # as other tools call them


class _By(_Choice):
    """One of `BY`; of a word that means one of them the error says which."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        meant = _REPORTS.get(value, value.removesuffix("s"))
        if value not in BY and meant in BY:
            from hubctl.errors import UsageError

            raise UsageError(f"usage is not told by {value!r}", hint=f"hubctl usage {meant}")
        return super().convert(value, param, ctx)


@click.command()
@click.argument("by", type=_By(BY), default="day", metavar="[BY]")
@click.option(
    "--since",
    default="",
    metavar="DAY",
    help="The first day, as in 2026-01-31. Default: all days for programs, a screenful for people.",
)
@click.option("--until", default="", metavar="DAY", help="The last day. Default: today.")
@click.option("--all", "everything", is_flag=True, help="All days that are known.")
@click.option("--project", default="", help="Only this folder, or the last part of its path.")
@click.option("--model", default="", help="Only this model.")
@click.option("--breakdown", is_flag=True, help="Each row by model, too.")
@click.option(
    "--order",
    type=click.Choice(("asc", "desc")),
    help="Turn periods (the oldest is first) or the others (the most is) round.",
)
@click.option("--timezone", default="", metavar="ZONE", help="Days of this zone, as in UTC.")
@click.option(
    "--cost",
    type=click.Choice(("list", "client")),
    default="list",
    show_default=True,
    help="At list price, or as the client estimated it where it told that.",
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="How it is written.",
)
@click.option("--json", "format_name", flag_value="json", help="Same as --format json.")
@click.option("--watch", "live", is_flag=True, help="Live, until Control-C.")
@click.option("--no-refresh", "stale", is_flag=True, help="Do not read first what is new.")
@click.pass_obj
def command(
    hub_path: str | None, /, *, format_name: str, live: bool, stale: bool, **asked: str
) -> int:
    """Tokens and cost by day, week, month, session, project, model or block (5 hours).

    Costs are at list price. Where a model's price is not known the cost is `unknown`, or `≥` that
    of the other answers. Projections add what the rest of a period took in the last 28 days.
    """
    from hubctl.cli.context import write
    from hubctl.cli.measuring import measured

    question = _Question(**asked, is_for_people=format_name == "text")  # type: ignore[arg-type]

    def text() -> str:
        with measured(hub_path, fresh=not stale) as store:
            return _written(store, question, format_name)

    if live and format_name == "text":
        from hubctl.cli.watching import watch

        return watch(text, _SECONDS)
    write(text())
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """What is asked, as the options have it."""

    by: str
    since: str
    until: str
    everything: bool
    project: str
    model: str
    breakdown: bool
    order: str | None
    timezone: str
    cost: str
    is_for_people: bool


def _written(store: Store, asked: _Question, format_name: str) -> str:
    from hubctl.metrics.days import in_zone

    with in_zone(asked.timezone):
        page = _page(store, asked)
        if format_name == "json":
            from hubctl.cli.tables import json_document
            from hubctl.reports.usage_page import encode

            return json_document("hubctl/usage", encode(page))
        if format_name == "csv":
            from hubctl.output.csv_text import csv_text
            from hubctl.reports.usage_page import cells

            head, rows = cells(page, by_model=asked.breakdown)
            return csv_text([head, *rows])
        from hubctl.cli.usage_text import usage_text

        newest = "" if page.rows else _newest(store)
        return usage_text(page, breakdown=asked.breakdown, newest=newest)


def _newest(store: Store) -> str:
    [(day,)] = store.rows("SELECT max(day) FROM daily_context")
    return str(day or "")


def _page(store: Store, asked: _Question) -> UsagePage:
    from hubctl.cli.figures import now
    from hubctl.metrics.days import day_of
    from hubctl.reports.usage_page import turned, usage_page

    moment = now()
    span = _span(store, asked, day_of(moment))
    page = usage_page(store, asked.by, span, _only(store, asked), moment)
    page = replace(page, zone=asked.timezone)
    return turned(page, asked.order) if asked.order else page


def _span(store: Store, asked: _Question, today: str) -> Span:
    from hubctl.reports.usage_page import known_days, span_of

    if asked.is_for_people and not asked.everything:
        return span_of(asked.by, asked.since, asked.until, today)
    first, last = known_days(store) or (today, today)
    until = asked.until or max(last, today)
    return span_of(asked.by, asked.since or min(first, until), until, today)


def _only(store: Store, asked: _Question) -> Only:
    from hubctl.reports.usage import Only

    return Only(
        project=find_project(store, asked.project),
        model=asked.model,
        models=_models(store, asked.model),
        cost=asked.cost,
    )


def _models(store: Store, given: str) -> tuple[str, ...]:
    """All names in the store of a model, as providers and dates make them; itself where none is."""
    from hubctl.metrics.prices import plain

    if not given:
        return ()
    found = [str(row[0]) for row in store.rows("SELECT DISTINCT model FROM daily_context")]
    if given in found:
        return (given,)
    return tuple(sorted(name for name in found if plain(name) == plain(given))) or (given,)


def find_project(store: Store, given: str) -> str:
    """The folder that is meant by its path, or by the last part of it; "" for none given.

    Raises:
        UsageError: there is none, or more than one.
    """
    from hubctl.cli.context import absolute
    from hubctl.errors import UsageError

    if not given:
        return ""
    found = [str(row[0]) for row in store.rows("SELECT DISTINCT project FROM daily_context")]
    path = absolute(given).rstrip("/")
    near = [one for one in found if one == path] or [
        one for one in found if one.rpartition("/")[2] == given
    ]
    if len(near) != 1:
        why = "has no answers" if not near else "is the end of several folders"
        raise UsageError(f"{given} {why}", hint="hubctl usage project")
    return near[0]
