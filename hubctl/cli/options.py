"""Options that several commands share, spelled once."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

FORMATS = ("text", "json", "sarif", "junit", "markdown", "github")


def targets(function: Callable[..., Any]) -> Callable[..., Any]:
    """`TARGET…`: names from canonical.yaml, all of them where none is given."""
    return click.argument("names", nargs=-1, metavar="[TARGET]...", shell_complete=_complete)(
        function
    )


def output(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--format`, `--json`, `--quiet`, `--verbose`."""
    chosen = click.option(
        "--format",
        "format_name",
        type=click.Choice(FORMATS),
        default="text",
        show_default=True,
        help="How the report is written.",
    )
    json = click.option("--json", "format_name", flag_value="json", help="Same as --format json.")
    quiet = click.option("-q", "--quiet", is_flag=True, help="Only what is not clean.")
    verbose = click.option("-v", "--verbose", is_flag=True, help="Everything, nothing shortened.")
    return chosen(json(quiet(verbose(_refusing_in_format(function)))))


def _refusing_in_format(function: Callable[..., Any]) -> Callable[..., Any]:
    """An unusable canonical.yaml is a report like any other to whoever asked for a format."""

    @functools.wraps(function)
    def command(*arguments: Any, format_name: str, **options: Any) -> Any:
        from hubctl.errors import CanonicalError

        try:
            return function(*arguments, format_name=format_name, **options)
        except CanonicalError as error:
            if format_name == "text":
                raise
            from hubctl.cli.findings import report_invalid

            return report_invalid(error, format_name)

    return command


def only(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--only RENDERER`."""
    return click.option(
        "--only",
        default="",
        metavar="RENDERER",
        callback=_known_renderer,
        help="Only what this renderer makes.",
    )(function)


def _known_renderer(ctx: click.Context, param: click.Parameter, value: str) -> str:
    if not value:
        return value
    from hubctl.errors import UsageError
    from hubctl.render import RENDERERS

    names = [row.name for row in RENDERERS]
    if value not in names:
        known = ", ".join(sorted(names))
        raise UsageError(f"no renderer is called {value!r}", hint=f"renderers: {known}")
    return value


def _complete(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[click.shell_completion.CompletionItem]:
    from hubctl.cli.context import open_world
    from hubctl.errors import HubctlError

    try:
        names = open_world(ctx.find_root().params.get("hub_path")).compiler.head.names
    except HubctlError:
        return []
    found = [name for name in names if name.startswith(incomplete)]
    return [click.shell_completion.CompletionItem(name) for name in found]
