"""`hubctl health` and `hubctl audit`: is everything well, told in one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hubctl.health.result import Result
    from hubctl.health.subject import Subject

json_option = click.option("--json", "as_json", is_flag=True, help="As JSON.")
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Only what is not well.")
verbose_option = click.option("-v", "--verbose", is_flag=True, help="Every finding, notes too.")
markdown_option = click.option("--markdown", "as_markdown", is_flag=True, help="As Markdown.")


@click.command()
@markdown_option
@json_option
@quiet_option
@verbose_option
@click.pass_obj
def command(
    hub_path: str | None, *, as_markdown: bool, as_json: bool, quiet: bool, verbose: bool
) -> int:
    """Quick checks of the hub and this machine, in about a second.

    Exits 0 where all is well, 1 where something needs attention. `hubctl audit` looks at more.
    """
    results = examine(hub_path, full=False, quiet=quiet or as_json)
    return show(results, "health", as_markdown=as_markdown, as_json=as_json, how=(quiet, verbose))


def examine(hub_path: str | None, *, full: bool, quiet: bool) -> tuple[Result, ...]:
    """Run the checks, with a bar where somebody waits."""
    from hubctl.cli.context import open_world
    from hubctl.cli.terminal import find_terminal, progress
    from hubctl.health.subject import Subject
    from hubctl.health.table import chosen, run_checks
    from hubctl.system.places import find_places

    count = len(list(chosen(full=full)))
    with progress(find_terminal(), count, quiet=quiet) as step:
        subject = Subject(lambda: open_world(hub_path), find_places())
        results = run_checks(subject, full=full, progress=step)
    _keep_marks(subject)
    return results


def _keep_marks(subject: Subject) -> None:
    """The drift that was just looked at is the status line's too."""
    from hubctl.cli.marks import keep_marks
    from hubctl.errors import HubctlError

    try:
        if subject.world is not None:
            keep_marks(subject.world, subject.drift)
    except HubctlError:
        return  # a check has told it


def show(
    results: tuple[Result, ...],
    name: str,
    *,
    as_markdown: bool,
    as_json: bool,
    how: tuple[bool, bool],
) -> int:
    """Write the results in the asked form; the exit code."""
    from hubctl.cli.context import options, write
    from hubctl.health import shown
    from hubctl.health.result import exit_code

    quiet, verbose = how
    told = options(quiet=quiet, verbose=verbose)
    if as_json:
        write(shown.json(results, name))
    elif as_markdown:
        write(page(results, name))
    else:
        write(shown.text(results, told))
    return exit_code(results)


def page(results: tuple[Result, ...], name: str) -> str:
    """The results as a Markdown page."""
    from hubctl.cli.context import options
    from hubctl.health.shown import markdown
    from hubctl.system.clock import now

    made = f"{now():%Y-%m-%d %H:%M} UTC"
    return markdown(results, options(), title=f"hubctl {name}", made=made)
