"""`hubctl report`: figures of a week or a month as one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from hubctl.fleet.world import World
    from hubctl.metrics.store import Store
    from hubctl.reports.compose import Given
    from hubctl.reports.document import Document
    from hubctl.reports.periods import Span
    from hubctl.reports.sections.collaboration import Collaboration
    from hubctl.reports.sections.economy import Rendered
    from hubctl.reports.sections.work import Timed

KINDS = ("weekly", "monthly", "space", "dora")
_FORMATS = ("markdown", "html", "json")
_SUFFIXES = {".html": "html", ".htm": "html", ".json": "json"}


@click.command()
@click.argument("kind", type=click.Choice(KINDS), default="weekly", metavar="[KIND]")
@click.option("--until", default="", metavar="DAY", help="The last day. Default: today.")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(_FORMATS),
    help="How it is written. Default: what the end of FILE's name says, else markdown.",
)
@click.option("--json", "format_name", flag_value="json", help="Same as --format json.")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Write it there; over an earlier one only. Below FOLDER/ as weekly-2026-01-31.html.",
)
@click.option("--gh", "ask_gh", is_flag=True, help="For space: ask gh about pull requests.")
@click.option("--no-refresh", "stale", is_flag=True, help="Do not read first what is new.")
@click.pass_obj
def command(  # noqa: PLR0913 - one parameter per option
    hub_path: str | None,
    *,
    kind: str,
    until: str,
    format_name: str | None,
    output: str | None,
    ask_gh: bool,
    stale: bool,
) -> int:
    """A report: weekly, monthly, space or dora.

    weekly (7 days) and monthly (30): cost, sessions, delegation and what it is worth, tools, hooks,
    context, token economics, errors. space and dora (30 days): the figures of those frameworks,
    each with its definition and source; what has no source here is said. The same data give the
    same bytes. Figures with too little behind them say so.
    """
    from hubctl.cli.context import absolute, say, write
    from hubctl.cli.figures import hub_or_none
    from hubctl.cli.measuring import measured
    from hubctl.system.exchange import write_page

    world = hub_or_none(hub_path)
    with measured(hub_path, fresh=not stale) as store:
        document = _compose(store, world, kind, until, ask_gh=ask_gh)
    chosen = format_name or _by_name(output or "")
    text = _TEXTS[chosen](document)
    if output and output != "-":
        place = _place(output, document, chosen)
        write_page(absolute(place), text, over=_over(text, chosen))
        say([f"Report: {place}"])
    else:
        write(text)
    return 0


def _by_name(path: str) -> str:
    usual = "html" if path.endswith("/") else "markdown"
    return next((name for end, name in _SUFFIXES.items() if path.endswith(end)), usual)


def _place(output: str, document: Document, chosen: str) -> str:
    """The file; in a folder one for each report, which is made where it is missing."""
    from hubctl.cli.context import absolute
    from hubctl.system.exchange import make_folder

    if not output.endswith("/"):
        return output
    make_folder(absolute(output))
    ends = {"markdown": "md", "html": "html", "json": "json"}
    return f"{output}{document.kind}-{document.span.last}.{ends[chosen]}"


def _over(text: str, format_name: str) -> str:
    """How every report of this kind and format begins."""
    lines = {"markdown": 1, "html": 2, "json": 2}[format_name]
    return "".join(text.splitlines(keepends=True)[:lines])


def _compose(store: Store, world: World | None, kind: str, until: str, *, ask_gh: bool) -> Document:
    from hubctl.cli.figures import now
    from hubctl.metrics.days import day_of
    from hubctl.reports.compose import compose
    from hubctl.reports.periods import parse_day

    last = parse_day(until) if until else day_of(now())
    return compose(store, kind, last, _given(store, world, kind, ask_gh=ask_gh))


def _given(store: Store, world: World | None, kind: str, *, ask_gh: bool) -> Given:
    from hubctl.cli.context import options
    from hubctl.cli.figures import document_of, limits_of
    from hubctl.metrics.prices import prices
    from hubctl.metrics.refresh import Wanted
    from hubctl.output.cells import printable
    from hubctl.reports.compose import Given

    shown = options()
    working = kind in ("weekly", "monthly")
    return Given(
        limits=limits_of(world),
        prices=prices(Wanted.of(document_of(world).get("metrics")).prices),
        rendered=_rendered(world) if working and world else (),
        place=lambda path: printable(shown.place(path)),
        collaboration=_asking(store, world, ask_gh=ask_gh),
        timed=lambda span: _timed(world, span),
    )


def _timed(world: World | None, span: Span) -> tuple[Timed, ...]:
    """What the client's transcripts time in these days, the slowest first."""
    from hubctl.cli.figures import limits_of
    from hubctl.fleet.hooks.timing import DURATION, transcript_timings
    from hubctl.output.cells import printable
    from hubctl.reports.sections.work import Timed
    from hubctl.system.places import find_places
    from hubctl.system.transcripts import transcript_lines

    limit = limits_of(world)["hook_latency_ms"]
    since = span.times[0] / 1e6
    lines = transcript_lines(find_places().config_dir, since, DURATION.encode())
    found = transcript_timings(lines, limit, (span.first, span.last))
    return tuple(
        Timed(
            name=printable(one.name),
            runs=one.count,
            half=one.p50,
            p95=one.p95,
            failed=one.problems,
            level=one.level,
        )
        for one in found
    )


def _rendered(world: World) -> tuple[Rendered, ...]:
    from hubctl.fleet.tokens import token_costs
    from hubctl.model.address import HOST
    from hubctl.reports.sections.economy import Rendered

    costs = token_costs(world, ())
    host = next((one for one in costs.targets if one.target == HOST), None)
    account = sum(min(file.ours, file.start) for file in host.files) if host else 0
    return tuple(
        Rendered(
            target=one.target,
            root=one.root,
            start=one.start + costs.account,
            ours=sum(min(file.ours, file.start) for file in one.files) + account,
        )
        for one in costs.targets
        if one.target != HOST
    )


def _asking(store: Store, world: World | None, *, ask_gh: bool) -> Callable[[Span], Collaboration]:
    def ask(span: Span) -> Collaboration:
        from hubctl.cli.collaboration import collaboration

        return collaboration(store, world, span, ask_gh=ask_gh)

    return ask


def _markdown(document: Document) -> str:
    from hubctl.reports.pages.markdown import markdown

    return markdown(document)


def _html(document: Document) -> str:
    from hubctl.reports.pages.html import html

    return html(document)


def _json(document: Document) -> str:
    from hubctl.cli.tables import json_document
    from hubctl.reports.pages.json import encode

    return json_document("hubctl/activity-report", encode(document))


_TEXTS = {"markdown": _markdown, "html": _html, "json": _json}
