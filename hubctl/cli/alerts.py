"""`hubctl alerts`: the group's table; each command is a module of its own, loaded when called."""

from __future__ import annotations

import click

from hubctl.cli.app import LazyGroup


class AlertsGroup(LazyGroup):
    """The commands about thresholds."""

    rows = {  # noqa: RUF012 - click makes one object of the class
        "check": "alerts_check",
        "list": "alerts_list",
    }


@click.group(cls=AlertsGroup, context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Measure the hub's thresholds, and tell whoever is to know.

    `thresholds` of canonical.yaml are the limits, `metrics.alerts` says who is told.
    """
