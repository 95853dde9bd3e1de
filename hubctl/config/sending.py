"""What `infrastructure.questdb` adds below everything of the host: a timer that sends rows there.

A timer of its own, so that a server which is down delays nothing else. No password stands in it:
the command finds that in the environment, or in a file that only this account reads. Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hubctl.config.layers import Contribution, Layer, mapping

if TYPE_CHECKING:
    from collections.abc import Mapping

UNIT = "metrics-push"
_SOURCE = ("infrastructure", "questdb")


def sending_layer(document: Mapping[str, Any]) -> Layer:
    """What the host gets where a QuestDB is named, unless `metrics.push` is off."""
    named = isinstance(mapping(document.get("infrastructure")).get("questdb"), dict)
    if not named or mapping(document.get("metrics")).get("push") is False:
        return Layer(text="metrics", contributions=())
    unit = Contribution(at=("units",), source=_SOURCE, value={UNIT: _timer()})
    return Layer(text="infrastructure.questdb", contributions=(unit,))


def _timer() -> dict[str, Any]:
    return {
        "description": "Sends what is measured to the team's QuestDB",
        "command": ["hubctl", "metrics", "push", "--due"],
        "every": "5min",
        "randomized_delay": "1min",
        "timeout": "10min",
        "memory_max": "512M",
        "nice": 5,
    }
