"""`hubctl hooks profile`: how long hooks take, and what in settings costs or cannot work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hubctl.fleet.hooks.profiling import Profile


@click.command()
@click.option(
    "--days",
    type=click.IntRange(1, 365),
    default=7,
    show_default=True,
    help="How far back to look.",
)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_obj
def command(hub_path: str | None, *, days: int, as_json: bool) -> int:
    """Tell p50 and p95 of every hook, and which are slower than the hub's thresholds.

    Times come from the hooks' spool and from the durations in the client's transcripts. Also told:
    timeouts that look like milliseconds, scripts that are not there, and entries that start a
    process for every tool call. Exits 1 where something is too slow or cannot work.
    """
    from hubctl.cli.context import open_world
    from hubctl.cli.measuring import watched
    from hubctl.fleet.hooks.profiling import profile
    from hubctl.output.verdict import worst
    from hubctl.system.clock import nanoseconds

    world = open_world(hub_path)
    with watched() as watch:
        found = profile(world, nanoseconds() / 1e9 - days * 86_400, watch)
    if as_json:
        _print_json(found, days)
    else:
        _print(found)
    return worst(finding.exit_code for finding in found.findings)


def _print_json(found: Profile, days: int) -> None:
    from dataclasses import asdict

    from hubctl.cli.tables import print_json
    from hubctl.output.values import encode_finding

    print_json(
        "hubctl/hook-profile",
        {
            "days": days,
            "timings": [asdict(timing) for timing in found.timings],
            "damaged": found.damaged,
            "findings": [encode_finding(finding) for finding in found.findings],
        },
    )


def _print(found: Profile) -> None:
    from hubctl.cli.context import say
    from hubctl.cli.findings import print_findings
    from hubctl.cli.tables import print_table
    from hubctl.output.cells import printable

    head = ("RUNS", "P50 MS", "P95 MS", "LONGEST", "FAILED", "FROM", "LEVEL", "HOOK")
    rows = [
        (
            str(one.count),
            f"{one.p50:g}",
            f"{one.p95:g}",
            f"{one.longest:g}",
            str(one.problems),
            one.source,
            one.level or "–",
            printable(one.name),  # last: it may be long
        )
        for one in found.timings
    ]
    print_table(head, rows, empty="no hook ran yet", right=(0, 1, 2, 3, 4))
    say([f"{found.damaged} damaged lines in the spool were left out"] if found.damaged else [])
    print_findings(found.findings)
