"""`hubctl hooks status`: which release is in use, where it comes from, what else is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hubctl.release.status import ReleaseStatus


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_obj
def command(hub_path: str | None, *, as_json: bool) -> int:
    """Tell which release of the hooks is in use, and what an apply would make of it.

    Exits 1 where something is wrong with it.
    """
    from hubctl.cli.hooks_ground import ground
    from hubctl.release.status import status

    on = ground(hub_path)
    found = status(on.places, on.interpreter, on.door, own=on.own)
    if as_json:
        _print_json(found, on.places.releases)
    else:
        _print(found)
    return 1 if any(finding.exit_code for finding in found.findings) else 0


def _print_json(found: ReleaseStatus, folder: str) -> None:
    from hubctl.cli.tables import print_json
    from hubctl.output.values import encode_finding

    print_json(
        "hubctl/hook-status",
        {
            "folder": folder,
            "current": found.current,
            "release": found.version,
            "wanted": found.wanted,
            "origin": found.origin,
            "held": found.held,
            "up_to_date": found.up_to_date,
            "installed": list(found.installed),
            "findings": [encode_finding(finding) for finding in found.findings],
        },
    )


def _print(found: ReleaseStatus) -> None:
    from hubctl.cli.context import write
    from hubctl.cli.findings import print_findings

    held = ", held: `hubctl hooks install` lets go of it" if found.held else ""
    write(f"in use     {found.current or 'none'}\n")
    write(f"from       {found.origin or '-'}{held}\n" if found.current else "")
    older = [name for name in found.installed if name != found.current]
    write(f"kept       {', '.join(older) or 'none'}\n")
    write(f"up to date {_answer(found)}\n")
    print_findings(found.findings)


def _answer(found: ReleaseStatus) -> str:
    if found.up_to_date:
        return "yes"
    if found.wanted and found.wanted != found.version:
        return f"no, `hubctl apply` would install {found.wanted}"
    return "no"
