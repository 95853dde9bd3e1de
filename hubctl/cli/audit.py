"""`hubctl audit`: every check there is, on the screen or as a page that can be kept."""

from __future__ import annotations

import click

from hubctl.cli.health import (
    json_option,
    markdown_option,
    quiet_option,
    verbose_option,
)


@click.command()
@click.option(
    "--report", "report", metavar="FILE", help="Write the page there as Markdown; - is stdout."
)
@markdown_option
@json_option
@quiet_option
@verbose_option
@click.pass_obj
def command(  # noqa: PLR0913 - one parameter per option
    hub_path: str | None,
    report: str | None,
    *,
    as_markdown: bool,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Every check of the hub, its repositories and this machine.

    Exits 0 where all is well, 1 where something needs attention. Reads only; --report writes one
    file, over an earlier report but over nothing else.
    """
    from hubctl.cli.context import absolute, say
    from hubctl.cli.health import examine, page, show
    from hubctl.health.result import exit_code
    from hubctl.system.exchange import write_page

    results = examine(hub_path, full=True, quiet=quiet or as_json)
    if report and report != "-":
        write_page(absolute(report), page(results, "audit"), over="# hubctl audit\n")
        say([f"Report: {report}"])
        return exit_code(results)
    as_markdown = as_markdown or report == "-"
    return show(results, "audit", as_markdown=as_markdown, as_json=as_json, how=(quiet, verbose))
