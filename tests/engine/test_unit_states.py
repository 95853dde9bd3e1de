from __future__ import annotations

import pytest

from hubctl.engine.threeway import decide
from hubctl.engine.unit_states import observed_hash
from hubctl.model.item import UnitState, hash_value
from hubctl.model.state import Action, Status

# desired · recorded · observed → status, action ("-": none; "": no such unit)
ROWS = [
    ("enabled", "-", "", Status.PENDING, Action.CREATE),
    ("enabled", "-", "disabled", Status.PENDING, Action.CREATE),
    ("enabled", "-", "enabled", Status.UNMANAGED, Action.ADOPT),
    ("enabled", "-", "masked", Status.CONFLICT, Action.NONE),
    ("active", "-", "failed", Status.CONFLICT, Action.NONE),
    ("disabled", "-", "", Status.UNMANAGED, Action.ADOPT),
    ("disabled", "-", "disabled", Status.UNMANAGED, Action.ADOPT),
    ("disabled", "-", "enabled", Status.CONFLICT, Action.NONE),
    ("active", "active", "active", Status.IN_SYNC, Action.NONE),
    ("active", "active", "inactive", Status.DRIFTED, Action.UPDATE),
    ("active", "active", "failed", Status.DRIFTED, Action.UPDATE),
    ("active", "active", "", Status.MISSING, Action.CREATE),
    ("inactive", "inactive", "", Status.IN_SYNC, Action.NONE),
    ("inactive", "inactive", "active", Status.DRIFTED, Action.UPDATE),
    ("enabled", "disabled", "disabled", Status.PENDING, Action.UPDATE),
    ("enabled", "disabled", "", Status.PENDING, Action.UPDATE),
    ("enabled", "disabled", "enabled", Status.PENDING, Action.ADOPT),
    ("disabled", "enabled", "enabled", Status.PENDING, Action.UPDATE),
    ("disabled", "enabled", "", Status.PENDING, Action.ADOPT),
    ("-", "enabled", "enabled", Status.ORPHAN, Action.DELETE),
    ("-", "enabled", "disabled", Status.PENDING, Action.FORGET),
    ("-", "enabled", "", Status.PENDING, Action.FORGET),
    ("-", "active", "failed", Status.PENDING, Action.FORGET),
    ("-", "enabled", "masked", Status.CONFLICT, Action.NONE),
]


@pytest.mark.parametrize(("desired", "recorded", "observed", "status", "action"), ROWS)
def test_table(desired: str, recorded: str, observed: str, status: Status, action: Action) -> None:
    d, r = (hash_value(UnitState(state=s)) if s != "-" else "" for s in (desired, recorded))
    verdict = decide(d, r, observed_hash(observed, desired=d, recorded=r))
    assert (verdict.status, verdict.action) == (status, action)
