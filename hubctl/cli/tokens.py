"""`hubctl tokens`: what each file costs in the client's context, and when it is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hubctl.cli import options as shared

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hubctl.fleet.tokens import FileTokens, TargetTokens, TokenCosts
    from hubctl.output.options import Options

Row = tuple[str, ...]

_HEAD = ("FILE", "LINES", "AT START", "ON USE", "OURS", "LOADED")
_NUMBERS = (1, 2, 3, 4)
_SUMS = ("SESSION IN", "FILES", "AT START", "WITH ACCOUNT", "ON USE", "OURS")
_RIGHT = (1, 2, 3, 4, 5)
_NARROWEST_PATH = 24
_NARROWEST_WHEN = 13


@click.command()
@shared.targets
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Only the sums.")
@click.pass_obj
def command(hub_path: str | None, names: tuple[str, ...], *, as_json: bool, quiet: bool) -> int:
    """Show what each file costs in tokens, and when Claude Code loads it.

    AT START is paid in every session, ON USE on top when what LOADED says comes to pass; OURS is
    what hubctl wrote of both. The figures are estimates: the client's tokenizer is not public. Its
    own prompt, tools and MCP servers are not counted.
    """
    from hubctl.cli.context import open_world
    from hubctl.fleet.tokens import token_costs

    world = open_world(hub_path)
    costs = token_costs(world, names)
    if as_json:
        _print_json(world.hub, world.files.path, costs)
    else:
        _print_text(costs, quiet=quiet)
    return 0


def _print_json(hub: str, canonical: str, costs: TokenCosts) -> None:
    from dataclasses import asdict

    from hubctl.cli.tables import print_json
    from hubctl.output.values import encode_finding

    targets = [
        {
            "target": target.target,
            "root": target.root,
            "start": target.start,
            "start_with_account": _with_account(target.target, target.start, costs),
            "invoked": target.invoked,
            "ours": target.ours,
            "files": [asdict(file) for file in target.files],
        }
        for target in costs.targets
    ]
    print_json(
        "hubctl/tokens",
        {
            "hub": hub,
            "canonical": canonical,
            "account": costs.account,
            "targets": targets,
            "reference": [asdict(file) for file in costs.reference],
            "findings": [encode_finding(finding) for finding in costs.findings],
        },
    )


def _with_account(target: str, start: int, costs: TokenCosts) -> int:
    return start if target == "host" else start + costs.account


def _print_text(costs: TokenCosts, *, quiet: bool) -> None:
    from hubctl.cli.context import options, write
    from hubctl.cli.tables import print_table
    from hubctl.output.page import Page
    from hubctl.output.text_findings import put_findings

    shown = options()
    if not quiet:
        for target in costs.targets:
            where = "this account" if target.target == "host" else shown.place(target.root)
            _print_files(target.target, where, target.files, shown)
        _print_files("hub", "read by hubctl, never by a session", costs.reference, shown)
    print_table(_SUMS, [_sums(target, costs) for target in costs.targets], empty="", right=_RIGHT)
    if costs.findings:
        page = Page(shown)
        put_findings(page, costs.findings)
        write("\n" + page.text())


def _print_files(name: str, where: str, files: Sequence[FileTokens], shown: Options) -> None:
    from hubctl.cli.context import write
    from hubctl.cli.tables import print_table
    from hubctl.output.page import Page
    from hubctl.output.style import DIM, STRONG

    page = Page(shown)
    page.put_whole(0, (name, STRONG), (f"  {where}", DIM))
    write(page.text())
    rows = [_row(file) for file in _skills_folded(files)]
    print_table(_HEAD, _fitted(rows, shown.width), empty="nothing is loaded", right=_NUMBERS)
    write("\n")


def _skills_folded(files: Sequence[FileTokens]) -> Iterator[FileTokens]:
    """The files with which a skill comes as one row for each skill; JSON has them all."""
    from hubctl.fleet.tokens import folded
    from hubctl.model.tokens import Loaded

    folders: dict[str, list[FileTokens]] = {}
    for file in files:
        if file.loaded == Loaded.READ.value:
            folders.setdefault("/".join(file.path.split("/")[:3]), []).append(file)
        else:
            yield file
    for folder, inside in folders.items():
        yield folded(f"{folder}/ ({len(inside)} more)", inside) if len(inside) > 1 else inside[0]


def _row(file: FileTokens) -> Row:
    from hubctl.output.cells import printable

    by = f", imported by {printable(file.imported_by)}" if file.imported_by else ""
    numbers = (file.lines, file.start, file.invoked, file.ours)
    return (printable(file.path), *(f"{number:,}" for number in numbers), file.loaded + by)


def _fitted(rows: Sequence[Row], width: int) -> list[Row]:
    """Rows as wide as the terminal: first the last column gives way, then the paths' beginnings."""
    from hubctl.output import cells

    if not width or not rows:
        return list(rows)
    table = (_HEAD, *rows)
    widths = [max(cells.width(row[i]) for row in table) for i in range(len(_HEAD))]
    fixed = sum(widths[1:-1]) + 2 * (len(_HEAD) - 1)
    last = max(min(widths[-1], width - fixed - widths[0]), _NARROWEST_WHEN)
    path = max(width - fixed - last, _NARROWEST_PATH)
    return [(_tail(row[0], path), *row[1:-1], cells.clip(row[-1], last)) for row in rows]


def _tail(path: str, room: int) -> str:
    """The end of a path, which tells it from its neighbours."""
    return path if len(path) <= room else "…" + path[1 - room :]


def _sums(target: TargetTokens, costs: TokenCosts) -> Row:
    with_account = _with_account(target.target, target.start, costs)
    numbers = (len(target.files), target.start, with_account, target.invoked, target.ours)
    return (target.target, *(f"{number:,}" for number in numbers))
