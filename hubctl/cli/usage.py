"""`hubctl usage`: tokens and cost, by whatever somebody wants to compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hubctl.metrics.store import Store
    from hubctl.reports.projection import Projection
    from hubctl.reports.usage import Usage
    from hubctl.reports.usage_page import UsagePage

BY = ("day", "week", "month", "session", "project", "model", "block")
_HEAD = ("ANSWERS", "INPUT", "OUTPUT", "CACHE READ", "CACHE WRITE", "TOKENS", "COST")
_BAR = 20
_SECONDS = 5.0


@click.command()
@click.argument("by", type=click.Choice(BY), default="day", metavar="[BY]")
@click.option("--since", default="", metavar="DAY", help="The first day, as in 2026-01-31.")
@click.option("--until", default="", metavar="DAY", help="The last day. Default: today.")
@click.option("--project", default="", help="Only this folder, or the last part of its path.")
@click.option("--model", default="", help="Only this model.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--watch", "live", is_flag=True, help="Live, until Control-C.")
@click.option("--no-refresh", "stale", is_flag=True, help="Do not read first what is new.")
@click.pass_obj
def command(  # noqa: PLR0913 - one parameter per option
    hub_path: str | None,
    *,
    by: str,
    since: str,
    until: str,
    project: str,
    model: str,
    as_json: bool,
    live: bool,
    stale: bool,
) -> int:
    """Tokens and cost by day, week, month, session, project, model or block (5 hours).

    Costs are at list price. Where a model's price is not known the cost is `unknown`, or `≥` that
    of the other answers. Projections add what the rest of a period took in the last 28 days.
    """
    from hubctl.cli.context import write
    from hubctl.cli.measuring import measured
    from hubctl.cli.tables import print_json
    from hubctl.reports.usage_page import encode

    def page() -> UsagePage:
        with measured(hub_path, fresh=not stale) as store:
            return _page(store, by, (since, until), (project, model))

    if live and not as_json:
        from hubctl.cli.watching import watch

        return watch(lambda: _text(page()), _SECONDS)
    found = page()
    if as_json:
        print_json("hubctl/usage", encode(found))
    else:
        write(_text(found))
    return 0


def _page(store: Store, by: str, span: tuple[str, str], only: tuple[str, str]) -> UsagePage:
    from hubctl.cli.figures import now
    from hubctl.metrics.days import day_of
    from hubctl.reports.usage import Only
    from hubctl.reports.usage_page import span_of, usage_page

    moment = now()
    chosen = Only(project=find_project(store, only[0]), model=only[1])
    return usage_page(store, by, span_of(by, *span, day_of(moment)), chosen, moment)


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


def _text(page: UsagePage) -> str:
    from hubctl.cli.tables import table_text

    if not page.rows:
        return f"no answers from {page.span.first} to {page.span.last}\n" + _below(page)
    names = _names(page.by)
    rows = [(*_first_cells(page.by, row), *_cells(row), _bar(page, row)) for row in page.rows]
    rows.append((*("total", *[""] * (len(names) - 1)), *_sums(page), ""))
    numbers = tuple(range(len(names), len(names) + len(_HEAD)))
    text = table_text((*names, *_HEAD, ""), rows, empty="", right=numbers)
    return text + _below(page)


def _names(by: str) -> tuple[str, ...]:
    more = {"session": ("PROJECT", "MODEL", "BEGAN", "TIME"), "block": ("TIME",)}
    return (by.upper(), *more.get(by, ()))


def _first_cells(by: str, row: Usage) -> tuple[str, ...]:
    from hubctl.cli.context import options
    from hubctl.output.cells import printable
    from hubctl.reports import wording
    from hubctl.reports.blocks import opened

    if by == "block":
        return wording.clock(opened(row)), _time(row)
    if by == "session":
        project = printable(options().place(row.project)).rpartition("/")[2]
        began = wording.clock(row.first)
        return printable(row.key)[:8], project, printable(row.model), began, _time(row)
    return (printable(options().place(row.key)) or "(none)",)


def _time(row: Usage) -> str:
    from hubctl.metrics.days import SECOND
    from hubctl.reports.wording import duration

    return duration((row.last - row.first) / SECOND)


def _cells(row: Usage) -> tuple[str, ...]:
    from hubctl.reports.wording import cost, count

    one = row.totals
    parts = (one.input_tokens, one.output_tokens, one.cache_read_tokens, one.cache_write_tokens)
    return (count(one.answers), *map(count, parts), count(one.tokens), cost(one))


def _sums(page: UsagePage) -> tuple[str, ...]:
    from hubctl.reports.usage import Usage

    return _cells(Usage(key="", totals=page.total))


def _bar(page: UsagePage, row: Usage) -> str:
    """How much of the largest row this is: of its cost, or where some are unknown its tokens."""
    from hubctl.cli.context import options

    known = all(one.totals.is_known for one in page.rows)
    sizes = [(one.totals.cost_usd or 0.0) if known else one.totals.tokens for one in page.rows]
    size = (row.totals.cost_usd or 0.0) if known else row.totals.tokens
    most = max(sizes, default=0.0)
    return ("█" if options().unicode else "#") * round(_BAR * size / most) if most else ""


def _below(page: UsagePage) -> str:
    from hubctl.reports.wording import cost, count, dollars

    lines = []
    if page.block and page.pace:
        left = f"{page.pace.minutes_left:.0f} min left"
        so_far = f"{count(page.block.totals.tokens)} tokens, {cost(page.block.totals)}"
        then = f"{count(page.pace.tokens)} tokens, {dollars(page.pace.cost_usd)}"
        lines.append(f"block  {so_far} so far; {left}, then {then} at this pace")
    for one in page.projections:
        so_far = f"{count(one.so_far.tokens)} tokens, {cost(one.so_far)} so far"
        lines.append(f"{_PERIODS[one.period]:<6} {so_far}; {_outlook(one)}")
    lines += [_unpriced(page.unpriced)] if page.unpriced else []
    return "\n" + "".join(f"{line}\n" for line in lines)


_PERIODS = {"day": "today", "week": "week", "month": "month"}


def _outlook(one: Projection) -> str:
    from hubctl.reports.projection import NEEDED
    from hubctl.reports.wording import count, dollars

    if one.tokens is None:
        return f"collecting data ({one.days}/{NEEDED} days)"
    return f"probably {count(one.tokens)} tokens, {dollars(one.cost_usd)} at its end"


def _unpriced(models: tuple[tuple[str, int], ...]) -> str:
    from hubctl.output.cells import printable
    from hubctl.output.summary import plural

    told = ", ".join(f"{printable(name) or '(none)'} ({answers})" for name, answers in models)
    answers = plural(sum(answers for _, answers in models), "answer")
    return f"no known price for {answers}: {told}; add it under metrics.prices in canonical.yaml"
