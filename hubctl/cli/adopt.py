"""`hubctl adopt`: take repositories that are configured already under the hub, byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hubctl.adopt.adoption import Proposal
    from hubctl.adopt.owning import Owning
    from hubctl.fleet.world import World


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--name", help="Name in canonical.yaml. Default: the folder's name.")
@click.option(
    "--profile",
    default="",
    metavar="NAME",
    help="Use this profile; a new one gets what the repositories have in common.",
)
@click.option(
    "--own",
    multiple=True,
    metavar="ADDRESS",
    help="Let the hub own what stands there: a field, or a command, skill, agent, rule or style.",
)
@click.option("--dry-run", is_flag=True, help="Show the proposal, write nothing.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def command(  # noqa: PLR0913 - one parameter per option
    hub_path: str | None,
    paths: tuple[str, ...],
    *,
    name: str | None,
    profile: str,
    own: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
    yes: bool,
) -> int:
    """Take the repositories at PATH over as they are: not a byte of them changes.

    Reads what Claude Code reads there and writes into canonical.yaml what makes the same of it;
    `hubctl plan` has nothing to do afterwards. Exits 1 where a file had to be left out.
    """
    from hubctl.adopt.adoption import propose
    from hubctl.adopt.owning import owning
    from hubctl.cli.context import absolute, open_world
    from hubctl.fleet.apply import writing
    from hubctl.model.address import parse_address

    addresses = [parse_address(text) for text in own]
    world = open_world(hub_path)
    folders = [absolute(path) for path in paths]
    names = _names(folders, name)
    if dry_run:
        proposal = propose(world, folders, names, profile)
        return _tell(world, proposal, owning(proposal, addresses), as_json=as_json, written=False)
    with writing(world):
        _recover(world)
        proposal = propose(world, folders, names, profile)
        owns = owning(proposal, addresses)
        if not yes:
            _ask(world, proposal, owns)
        _write(world, proposal, owns)
    return _tell(world, proposal, owns, as_json=as_json, written=True)


def _names(folders: list[str], name: str | None) -> dict[str, str]:
    from hubctl.errors import UsageError

    if name is None:
        return {}
    if len(set(folders)) != 1:
        raise UsageError("--name goes with one PATH", hint="adopt them one by one")
    return {folders[0]: name}


def _recover(world: World) -> None:
    from hubctl.cli.recovery import recover_first

    recover_first(world)


def _ask(world: World, proposal: Proposal, owns: Owning) -> None:
    from hubctl.cli.consent import consent
    from hubctl.cli.context import say

    consent(
        "Write this into canonical.yaml?",
        show=lambda: say(diff_lines(world.files.data, owns.data)),
        hint="add --yes, or look at it first with --dry-run",
        refusal="nothing was adopted",
    )


def _write(world: World, proposal: Proposal, owns: Owning) -> None:
    from hubctl.adopt.recording import NOTHING, recording
    from hubctl.fleet.canonical_edit import require_valid, rewrite

    require_valid(world, owns.data)
    batches = [
        recording(proposal.world, plan, owns.owned.get(plan.target, NOTHING))
        for plan in proposal.plans
    ]
    names = " ".join(newcomer.name for newcomer in proposal.newcomers)
    rewrite(world, owns.data, f"adopt {names}", (owns.sources, *batches))


def diff_lines(old: bytes, new: bytes) -> tuple[str, ...]:
    """The unified diff of two versions of canonical.yaml."""
    from hubctl.output.compare import unified_lines

    return unified_lines(old.decode("utf-8", "replace"), new.decode("utf-8", "replace"))


def _tell(world: World, proposal: Proposal, owns: Owning, *, as_json: bool, written: bool) -> int:
    from hubctl.cli.context import say, write
    from hubctl.cli.findings import print_findings
    from hubctl.cli.tables import print_json

    lines = diff_lines(world.files.data, owns.data)
    if as_json:
        print_json("hubctl/adopt", _document(proposal, lines, written=written))
    else:
        write("".join(f"{line}\n" for line in lines))
        print_findings(proposal.findings)
        say(_summary(proposal, owns, written=written))
    return max((finding.exit_code for finding in proposal.findings), default=0)


def _summary(proposal: Proposal, owns: Owning, *, written: bool) -> list[str]:
    from hubctl.output.summary import plural

    lines = []
    for newcomer, plan in zip(proposal.newcomers, proposal.plans, strict=True):
        recorded = len(plan.acting()) + plan.in_sync
        read = len(newcomer.reading.files)
        left = sum(len(one) for one in newcomer.reading.left.values())
        lines.append(
            f"{newcomer.name}: {plural(read, 'file')} read, {plural(recorded, 'value')} under "
            f"the hub, {left} left as they are"
        )
    for name, owned in owns.owned.items():
        lines += [f"the hub owns {name}:{local} from now on" for local in owned.records]
    names = " ".join(newcomer.name for newcomer in proposal.newcomers)
    done = f"adopted; no repository was touched. Next: hubctl plan {names}"
    return [*lines, done] if written else [*lines, "nothing was written"]


def _document(proposal: Proposal, lines: tuple[str, ...], *, written: bool) -> dict[str, object]:
    from hubctl.output.values import encode_finding

    return {
        "written": written,
        "profile": proposal.profile,
        "diff": list(lines),
        "repositories": [
            {
                "name": newcomer.name,
                "root": newcomer.reading.target.root,
                "files": [
                    {"path": file.path, "kind": file.kind, "size": file.size, "note": file.note}
                    for file in newcomer.reading.files
                ],
                "adopted": sorted(change.address.local for change in plan.acting()),
                "left": [
                    {"path": path, "fragment": one.fragment, "reason": one.reason}
                    for path, left in newcomer.reading.left.items()
                    for one in left
                ],
            }
            for newcomer, plan in zip(proposal.newcomers, proposal.plans, strict=True)
        ],
        "findings": [encode_finding(finding) for finding in proposal.findings],
    }
