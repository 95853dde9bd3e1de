"""The command table: wiring only. A command is one module and one row, loaded when it is called."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import click

from hubctl import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

# name → module below hubctl.cli; the command object in it is called `command`.
COMMANDS = {
    "init": "init",
    "validate": "validate",
    "show": "show",
    "explain": "explain",
    "plan": "plan",
    "diff": "diff",
    "apply": "apply",
    "drift": "drift",
    "verify": "verify",
    "rollback": "rollback",
    "history": "history",
    "adopt": "adopt",
    "accept": "accept",
    "exceptions": "exceptions",
    "repos": "repos",
    "hooks": "hooks",
    "tokens": "tokens",
    "metrics": "metrics",
    "collect": "collect",
    "new": "new",
    "template": "template",
    "checkpoint": "checkpoint",
    "dashboard": "dashboard",
    "health": "health",
    "audit": "audit",
    "usage": "usage",
    "report": "report",
    "survey": "survey",
    "alerts": "alerts",
    "status": "status",
    "statusline": "statusline",
    "package": "package",
    "demo": "demo",
    "completion": "completion",
}


class LazyGroup(click.Group):
    """A group that imports a command's module only when that command is asked for."""

    rows: Mapping[str, str] = COMMANDS

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the table: the order in which people meet them."""
        return list(self.rows)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in self.rows:
            return None
        module = import_module(f"hubctl.cli.{self.rows[cmd_name]}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or suggest the nearest name."""
        given = args[0]  # click takes it out of the list where it looks like an option
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            import difflib

            near = difflib.get_close_matches(given, self.rows, n=1)
            said = f" Did you mean '{near[0]}'?" if near else ""
            raise click.UsageError(f"{error.message}{said}", ctx) from None


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--hub",
    "hub_path",
    metavar="PATH",
    envvar="HUBCTL_HUB",
    help="canonical.yaml, or the folder it lies in. Default: the nearest one upwards from here, "
    "then ~/.config/hubctl and ~/.claude.",
)
@click.version_option(__version__, message="hubctl %(version)s")
@click.pass_context
def app(ctx: click.Context, hub_path: str | None) -> None:
    """Configuration as code for Claude Code.

    One canonical.yaml says how your repositories and this account are set up; plan shows what
    would change, apply makes it so, drift proves that it still holds.
    """
    ctx.obj = hub_path
