"""The page of all commands, from the command table itself."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import click

from generate.markdown import cell, code, plain, table
from hubctl.cli.app import app

if TYPE_CHECKING:
    from collections.abc import Iterator

HELP = "help"
INTRODUCTION = """\
# Commands

Every command takes `--help`. What a command prints as data goes to stdout; talk, questions and
progress go to stderr. See [exit codes](exit-codes.md) and [output formats](formats.md).

"""


def page() -> str:
    """docs/reference/commands.md."""
    context = click.Context(app, info_name="hubctl")
    rows = [
        (f"[`{name}`](#hubctl-{name})", cell(app.get_command(context, name).get_short_help_str(90)))
        for name in app.list_commands(context)
    ]
    sections = "".join(_sections(app, context))
    return INTRODUCTION + table(("command", "what it does"), rows) + sections


def _sections(command: click.Command, context: click.Context) -> Iterator[str]:
    yield _section(command, context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            if found is not None:
                yield from _sections(found, click.Context(found, info_name=name, parent=context))


def _section(command: click.Command, context: click.Context) -> str:
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    parts = [f"\n## {context.command_path}\n", f"```\n{usage}\n```\n"]
    if command.help:
        parts.append(_text(command.help))
    options = [_option(one) for one in command.params if _is_shown(one)]
    if options:
        parts.append(table(("option", "what it does"), options))
    return "\n".join(parts)


def _text(text: str) -> str:
    paragraphs = inspect.cleandoc(text).split("\n\n")
    return "\n\n".join(plain(one.replace("\b", "").strip("\n")) for one in paragraphs) + "\n"


def _is_shown(parameter: click.Parameter) -> bool:
    return isinstance(parameter, click.Option) and not parameter.hidden and parameter.name != HELP


def _option(option: click.Option) -> tuple[str, str]:
    names = ", ".join(code(name) for name in (*option.opts, *option.secondary_opts))
    return f"{names}{'' if option.is_flag else ' ' + _value(option)}", cell(_help(option))


def _value(option: click.Option) -> str:
    if isinstance(option.type, click.Choice):
        return code("|".join(map(str, option.type.choices)))
    return code(option.metavar or option.type.name.upper())


def _help(option: click.Option) -> str:
    words = option.help or ""
    if isinstance(option.envvar, str):
        words += f" Environment variable: `{option.envvar}`."
    if option.show_default and isinstance(option.default, str | int):
        words += f" Default: `{option.default}`."
    return words
