"""Elements of canonical.yaml's lists by every form in which an address may name them.

A list may have thousands of elements and every one of them may be asked for: each list is read
once. Pure; the lists must not be changed while it is in use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hubctl.config.merge import identity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubctl.config.merge import SpecPath

_Places = dict[str, list[int]]


class Elements:
    """Where elements stand in their lists."""

    def __init__(self) -> None:
        # The lists are kept: an id tells one only as long as nobody else can have it.
        self._known: dict[tuple[int, SpecPath], tuple[list[Any], _Places]] = {}

    def indices(self, values: list[Any], at: SpecPath, element: str) -> Sequence[int]:
        """Indices of the elements that `element` names in the list at `at` of the spec, sorted."""
        key = (id(values), at[:1])
        if key not in self._known:
            self._known[key] = (values, _places(values, at))
        return self._known[key][1].get(element, ())


def _places(values: list[Any], at: SpecPath) -> _Places:
    found: _Places = {}
    for index, value in enumerate(values):
        for form in _forms(identity(value, at)):
            found.setdefault(form, []).append(index)
    return found


def _forms(key: str) -> set[str]:
    return {key, key.removeprefix('"'), key + '"', key.removeprefix("hook:")}
