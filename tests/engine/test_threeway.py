"""The three-way table, row by row, as it stands in the module's docstring."""

from __future__ import annotations

import pytest

from hubctl.engine.threeway import decide
from hubctl.model.state import Action, Status

D, R, X = "sha256:d", "sha256:r", "sha256:x"

ROWS = [
    (D, "", "", Status.PENDING, Action.CREATE),
    (D, "", D, Status.UNMANAGED, Action.ADOPT),
    (D, "", X, Status.CONFLICT, Action.NONE),
    (D, D, D, Status.IN_SYNC, Action.NONE),
    (D, D, X, Status.DRIFTED, Action.UPDATE),
    (D, D, "", Status.MISSING, Action.CREATE),
    (D, R, R, Status.PENDING, Action.UPDATE),
    (D, R, D, Status.PENDING, Action.ADOPT),
    (D, R, X, Status.CONFLICT, Action.NONE),
    (D, R, "", Status.CONFLICT, Action.NONE),
    ("", R, R, Status.ORPHAN, Action.DELETE),
    ("", R, X, Status.CONFLICT, Action.NONE),
    ("", R, "", Status.PENDING, Action.FORGET),
]


@pytest.mark.parametrize(("desired", "recorded", "observed", "status", "action"), ROWS)
def test_every_row_of_the_table(desired, recorded, observed, status, action):
    verdict = decide(desired, recorded, observed)
    assert (verdict.status, verdict.action) == (status, action)
    assert bool(verdict.reason) is (status is not Status.IN_SYNC)


@pytest.mark.parametrize("observed", ["", R, X])
def test_an_adopted_record_is_released_and_never_deletes(observed):
    verdict = decide("", R, observed, adopted=True)
    assert verdict.action is Action.FORGET


def test_adoption_changes_nothing_while_canonical_still_wants_it():
    assert decide(D, D, X, adopted=True).status is Status.DRIFTED
