"""`hubctl hooks`: the group's table; each command is a module of its own, loaded when called."""

from __future__ import annotations

import click

from hubctl.cli.app import LazyGroup


class HooksGroup(LazyGroup):
    """The commands about hooks."""

    rows = {  # noqa: RUF012 - click makes one object of the class
        "list": "hooks_list",
        "explain": "hooks_explain",
        "enable": "hooks_enable",
        "disable": "hooks_disable",
        "run": "hooks_run",
        "test": "hooks_test",
        "profile": "hooks_profile",
        "status": "hooks_status",
        "verify": "hooks_verify",
        "install": "hooks_install",
        "update": "hooks_update",
        "rollback": "hooks_rollback",
    }


@click.group(cls=HooksGroup, context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Look at hooks, try them, switch them, and see to the release that they run from.

    Which hooks run where is said in canonical.yaml; `enable` and `disable` edit it. What they are
    made of is a release: a folder of files with a manifest, in use through one link.
    """
