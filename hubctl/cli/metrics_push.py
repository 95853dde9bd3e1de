"""`hubctl metrics push`: what is new, sent to a team's QuestDB."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hubctl.metrics.export.push import Pushed
    from hubctl.metrics.export.questdb import QuestDB


@click.command()
@click.option(
    "--url",
    metavar="URL",
    envvar="HUBCTL_QUESTDB_URL",
    help="A QuestDB's HTTP address, such as http://localhost:9000. Default: the one of "
    "infrastructure.questdb in canonical.yaml.",
)
@click.option("--again", is_flag=True, help="Try rows once more that were refused.")
@click.option(
    "--seconds",
    type=click.IntRange(1, 3600),
    default=120,
    show_default=True,
    help="When to stop; the next push goes on from there.",
)
@click.option(
    "--due",
    is_flag=True,
    help="As a timer does: leave a server alone that failed a while ago, from four minutes up to "
    "an hour with every failure.",
)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_obj
def command(  # noqa: PLR0913 - one parameter per option
    hub_path: str | None, *, url: str | None, again: bool, seconds: int, due: bool, as_json: bool
) -> int:
    """Send what is new to a QuestDB.

    Tables are made where they are missing. A row that is sent twice is one row there, so nothing
    is lost or doubled whenever this is stopped. Who we are comes from the environment, or from
    ~/.config/hubctl/questdb.env that nobody else may read: HUBCTL_QUESTDB_TOKEN, or
    HUBCTL_QUESTDB_PASSWORD with the user of canonical.yaml or of HUBCTL_QUESTDB_USER.
    Exits 1 where rows were refused, 3 where the server could not be used.
    """
    from hubctl.cli.measuring import bring_up_to_date
    from hubctl.metrics.export.push import push
    from hubctl.metrics.store import metrics_path
    from hubctl.system.export_files import machine_name
    from hubctl.system.places import find_places

    target = _target(hub_path, url)
    path = metrics_path(find_places())
    if due and not _is_due(path, target):
        return 0
    bring_up_to_date(hub_path)
    done = push(path, target, machine_name(), seconds=float(seconds), again=again)
    if as_json:
        _print_json(done)
    else:
        _print(done)
    if done.problem:
        return 3
    return 1 if done.refused else 0


def _is_due(path: str, target: QuestDB) -> bool:
    from hubctl.cli.context import say
    from hubctl.metrics.export.push import is_due, target_name
    from hubctl.metrics.store import open_store

    with open_store(path) as store:
        due = is_due(store, target)
    say([] if due else [f"{target_name(target)} failed a while ago and is left alone"])
    return due


def _target(hub_path: str | None, url: str | None) -> QuestDB:
    from hubctl.cli.figures import document_of, hub_or_none
    from hubctl.errors import UsageError
    from hubctl.metrics.export.questdb import SETTINGS, QuestDB, credentials, server_at, server_of
    from hubctl.system.places import environment, find_places
    from hubctl.system.private_settings import read_settings

    named = server_of(document_of(hub_or_none(hub_path)))
    if url is None and named is None:
        raise UsageError(
            "no QuestDB is named", hint="write infrastructure.questdb in canonical.yaml, or --url"
        )
    server = server_at(url) if url is not None else named[0]  # type: ignore[index]
    given = {**read_settings(f"{find_places().home}/.config/hubctl/{SETTINGS}"), **environment()}
    return QuestDB(server, credentials(named[1] if named else "", given))


def _print_json(done: Pushed) -> None:
    from dataclasses import asdict

    from hubctl.cli.tables import print_json

    print_json("hubctl/metrics-push", asdict(done))


def _print(done: Pushed) -> None:
    from hubctl.cli.context import say
    from hubctl.cli.tables import print_table
    from hubctl.output.cells import printable

    refused = [one.table for one in done.refused]
    names = dict.fromkeys((*done.sent, *done.waiting, *refused))
    rows = [
        (
            name,
            f"{done.sent.get(name, 0):,}",
            f"{done.waiting.get(name, 0):,}",
            str(refused.count(name)),
        )
        for name in names
    ]
    head = ("TABLE", "SENT", "WAITING", "REFUSED")
    print_table(head, rows, empty=f"{done.target} has everything", right=(1, 2, 3))
    say([f"refused: {one.table}: {printable(one.reason)}" for one in done.refused[:20]])
    say([f"not everything was sent: {printable(done.problem)}"] if done.problem else [])
