"""`hubctl verify`: is what runs what hubctl installed, and does the client take it?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from hubctl.cli import options as shared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubctl.fleet.world import World
    from hubctl.live import Proof, Prover
    from hubctl.model.finding import Finding


@click.command()
@shared.targets
@click.option("--live", is_flag=True, help="Start the installed client on a copy of the settings.")
@click.option("--client", metavar="PATH", help="With --live: this program, not `claude`.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=1, max=3600),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="With --live: how long one start of the client may take.",
)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_obj
def command(  # noqa: PLR0913 - one parameter per option
    hub_path: str | None,
    names: tuple[str, ...],
    *,
    live: bool,
    client: str | None,
    timeout: float,
    as_json: bool,
) -> int:
    """Prove that the hooks in use are the ones hubctl installed, and that settings are sound.

    Compares every byte of the installed release with its record, and checks what canonical.yaml
    renders. With --live the installed client itself is the judge: it runs on a copy of each
    target's settings in a temporary folder, against a stub model on this machine, and shows which
    files it takes, which hooks it registers, and which of them run. It sees no key of yours, and
    nothing outside that folder is written.

    Exits 0 where all is well, 1 where something is not, 3 where the client does not work.
    """
    from hubctl.cli.context import open_world
    from hubctl.cli.release import release_findings
    from hubctl.errors import UsageError

    if client and not live:
        raise UsageError("--client goes with --live")
    world = open_world(hub_path)
    asked = world.names(names)
    found = [*release_findings(world, full=True), *_settings_findings(world, asked)]
    proofs = _prove(world, asked, client, timeout) if live else ()
    return _report(world, found, proofs, live=live, as_json=as_json)


def _settings_findings(world: World, names: Sequence[str]) -> list[Finding]:
    """What is wrong with rendered settings and hooks, as `validate` tells it."""
    found: list[Finding] = []
    for name in names:
        if world.compiler.locate(name).target is not None:
            rules = world.compiler.compiled(name).findings
            found += [one for one in rules if one.rule.startswith(("settings/", "hooks/"))]
    return found


def _prove(
    world: World, names: Sequence[str], client: str | None, timeout: float
) -> tuple[Proof, ...]:
    from hubctl.cli.terminal import find_terminal, working

    prover = _prover(world, client, timeout)
    proofs = []
    for name in names:
        target = world.compiler.locate(name).target
        if target is not None:
            with working(find_terminal(), f"{name}: the client runs on a copy of its settings"):
                proofs.append(prover.prove(target))
    return tuple(proofs)


def _prover(world: World, client: str | None, timeout: float) -> Prover:
    from hubctl.check.client.schema import SettingsSchema
    from hubctl.check.rendered import load_with
    from hubctl.cli.context import absolute
    from hubctl.fleet.managed import managed_settings
    from hubctl.live import Prover, require_harmless
    from hubctl.system.client import find_client
    from hubctl.system.data import read_data

    machine = world.compiler.machine
    program = find_client(absolute(client) if client else "")
    require_harmless(managed_settings(machine.platform, world.door))
    return Prover(
        client=program,
        hub=world.hub,
        machine=machine,
        places=world.places,
        door=world.door,
        schema=SettingsSchema(load=load_with(read_data)),
        seconds=timeout,
    )


def _report(
    world: World,
    found: Sequence[Finding],
    proofs: Sequence[Proof],
    *,
    live: bool,
    as_json: bool,
) -> int:
    from hubctl.cli.context import options, print_report
    from hubctl.model.change import Plan
    from hubctl.output.verdict import report

    findings = _unique([*found, *(one for proof in proofs for one in proof.findings)])
    plan = Plan(hub=world.hub, canonical=world.files.path, revision=world.compiler.head.revision)
    made = report("verify", plan, extra=findings)
    if as_json:
        return _print_json(made, proofs)
    if live:
        from hubctl.cli.proofs import print_proofs

        print_proofs(proofs)
    return print_report(made, "text", options())


def _print_json(made: Any, proofs: Sequence[Proof]) -> int:
    from hubctl.cli.proofs import proof_json
    from hubctl.cli.tables import print_json
    from hubctl.output.values import encode_finding

    document = {
        "hub": made.plan.hub,
        "canonical": made.plan.canonical,
        "verdict": made.verdict.value,
        "exit_code": made.exit_code,
        "targets": [proof_json(proof) for proof in proofs],
        "findings": [encode_finding(finding) for finding in made.findings],
    }
    print_json("hubctl/verify", document)
    return int(made.exit_code)


def _unique(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The account's files are part of every repository's proof; each finding is told once."""
    return tuple(dict.fromkeys(findings))
