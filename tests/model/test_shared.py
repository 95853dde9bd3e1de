"""Work shared by many targets is done once for each value, and never answers for another one."""

from __future__ import annotations

from hubctl.model.shared import Shared


def test_the_same_value_is_worked_on_once():
    shared: Shared[int] = Shared()
    value = {"a": 1}
    made: list[int] = []

    def make() -> int:
        made.append(1)
        return len(made)

    assert [shared.get((value,), "x", make) for _ in range(3)] == [1, 1, 1]
    assert shared.get((value,), "y", make) == 2
    assert shared.get((dict(value),), "x", make) == 3


def test_a_value_that_is_gone_is_never_taken_for_a_new_one_at_its_address():
    shared: Shared[list[int]] = Shared(most=3)
    for number in range(1000):
        assert shared.get(([number],), None, lambda number=number: [number]) == [number]
