"""Alerts as plain JSON values: schemas/alerts.schema.json. Addresses are masked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.reports.alerts.channels import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubctl.reports.alerts.channels import Channel
    from hubctl.reports.alerts.notices import Notice
    from hubctl.reports.alerts.readings import Reading
    from hubctl.reports.alerts.telling import Told

Json = dict[str, object]


def encode(found: Sequence[Reading], known: Sequence[Channel], told: Sequence[Told]) -> Json:
    """The document without its format and version."""
    return {
        "readings": [_reading(one) for one in found],
        "channels": [
            {"name": one.name, "kind": one.kind, "leads_to": shown(one), "level": one.level}
            for one in known
        ],
        "told": [
            {
                "channel": one.channel.name,
                "notices": [_notice(notice) for notice in one.notices],
                "problem": one.problem,
            }
            for one in told
        ],
    }


def _notice(one: Notice) -> Json:
    return {
        "name": one.fired.name,
        "subject": one.fired.subject,
        "state": one.state,
        "level": one.fired.level,
        "text": one.sentence,
    }


def _reading(one: Reading) -> Json:
    return {
        "name": one.threshold.name,
        "subject": one.subject,
        "title": one.threshold.title,
        "unit": one.threshold.unit,
        "window": one.threshold.window,
        "value": None if one.value is None else round(one.value, 6),
        "at_least": one.at_least,
        "warning": one.threshold.warning,
        "critical": one.threshold.critical,
        "level": one.level,
        "have": one.have,
        "needed": one.threshold.needed,
    }
