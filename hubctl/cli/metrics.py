"""`hubctl metrics`: the group's table; each command is a module of its own, loaded when called."""

from __future__ import annotations

import click

from hubctl.cli.app import LazyGroup


class MetricsGroup(LazyGroup):
    """The commands about what is measured."""

    rows = {  # noqa: RUF012 - click makes one object of the class
        "query": "metrics_query",
        "status": "metrics_status",
        "export": "metrics_export",
        "push": "metrics_push",
        "forget": "metrics_forget",
        "prometheus": "metrics_prometheus",
        "refresh": "metrics_refresh",
    }


@click.group(cls=MetricsGroup, context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Ask what was measured, see how it stands, take it elsewhere.

    Everything is in one file of this account, filled from the hooks' spool, the client's
    transcripts and telemetry, and git. Each command reads what is new first.
    """
