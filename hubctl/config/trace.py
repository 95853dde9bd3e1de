"""Which lines decide a value: the layers that say something about it, from the bottom up.

Follows the same layers and contributions that `resolve.py` merges, so that the two cannot
disagree about order. Reads a Canonical and returns places; changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hubctl.config.elements import Elements
from hubctl.config.hooks import HOST
from hubctl.config.layers import local_entry, mapping
from hubctl.config.load import LOCAL
from hubctl.config.merge import SpecPath, identity, is_edit, is_set_like_in_spec
from hubctl.config.resolve import Resolver
from hubctl.model.shared import Shared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.config.layers import Contribution, Layer
    from hubctl.config.load import Canonical
    from hubctl.config.places import DocPath
    from hubctl.model.finding import Location

SET, ADD, REMOVE, DELETE = "set", "add", "remove", "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one layer does to a value.

    Attributes:
        layer: the section, such as `profiles.python`.
        location: the line that does it.
        action: `set` (replaces what is below), `add` (unites), `remove` (takes an element away),
            `delete` (takes the key away).
        value: what it sets, adds or removes, in the form of the resolved spec; None for `delete`.
    """

    layer: str
    location: Location
    action: str
    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sought:
    """The value asked for: a path, and one element of the list there if `element` is not None."""

    path: SpecPath
    element: str | None
    elements: Elements

    def among(
        self, source: DocPath, values: list[Any], at: SpecPath
    ) -> Iterator[tuple[DocPath, Any]]:
        """The element where it stands in a list, with its place in the document."""
        for index in self.elements.indices(values, at, self.element or ""):
            yield (*source, index), values[index]


def trace(canonical: Canonical, name: str, spec_path: SpecPath) -> tuple[Step, ...]:
    """The steps that lead to a value of a target's resolved spec, the deciding one last.

    An element of a list ends the path as `=value` (as text, as JSON, or the id of a hook) or as
    its index. A container has the steps of everything in it.
    """
    return tuple(
        _TRACERS.get((canonical,), None, lambda: _Tracer(canonical)).steps(name, spec_path)
    )


def decided_by(canonical: Canonical, name: str, spec_path: SpecPath) -> Location | None:
    """The line that decides a value; the target's own line where nothing says more.

    None for a target that canonical.yaml does not have.
    """
    steps = trace(canonical, name, spec_path)
    if steps:
        return steps[-1].location
    if name == HOST:
        return canonical.location(("global",)) if "global" in canonical.document else None
    if name in mapping(canonical.document.get("repositories")):
        return canonical.location(("repositories", name))
    if local_entry(canonical.document, name):
        return canonical.location((LOCAL, "repositories", name))
    return None


class _Tracer:
    """Traces in one canonical.yaml: a plan asks for thousands of its values."""

    def __init__(self, canonical: Canonical) -> None:
        self._canonical = canonical
        self._resolver = Resolver.of(canonical.document)
        self._elements = Elements()
        self._layers: dict[str, tuple[Layer, ...]] = {}
        self._views: dict[str, Any] = {}

    def steps(self, name: str, path: SpecPath) -> Iterator[Step]:
        """The steps that lead to a value, from the bottom up."""
        sought = self._sought(name, path)
        yield from self._of_layers(name, sought)
        if name == HOST and sought.path[:1] == ("units",):
            yield from self._of_repositories(sought)

    def _sought(self, name: str, path: SpecPath) -> _Sought:
        last = path[-1] if path else ""
        if last.startswith("=") or last.isdigit():
            holder = self._value_at(name, path[:-1])
            if isinstance(holder, list) and last.isdigit() and int(last) < len(holder):
                element = identity(holder[int(last)], path[:-1])
                return _Sought(path=path[:-1], element=element, elements=self._elements)
            if last.startswith("=") and not isinstance(holder, dict):
                return _Sought(path=path[:-1], element=last[1:], elements=self._elements)
        return _Sought(path=path, element=None, elements=self._elements)

    def _value_at(self, name: str, path: SpecPath) -> Any:
        if name not in self._views:
            self._views[name] = self._resolver.view(name)
        value = self._views[name]
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        return value

    def _of_repositories(self, sought: _Sought) -> Iterator[Step]:
        """What the host's units are made of in the repositories that they belong to."""
        repository, slash, unit = sought.path[1].partition("/") if sought.path[1:] else ("", "", "")
        of_units = self._resolver.enabled() if not sought.path[1:] else ()
        for name in (repository,) if slash else of_units:
            path = ("units", unit, *sought.path[2:]) if slash else ("units",)
            yield from self._of_layers(name, replace(sought, path=path))

    def _of_layers(self, name: str, sought: _Sought) -> Iterator[Step]:
        if name not in self._layers:
            layers = self._resolver.layers
            self._layers[name] = self._resolver.host_layers() if name == HOST else layers(name)
        for layer in self._layers[name]:
            for contribution in layer.contributions:
                for source, action, value in _effects(contribution, sought):
                    yield Step(
                        layer=layer.text,
                        location=self._canonical.location(source),
                        action=action,
                        value=value,
                    )


_TRACERS: Shared[_Tracer] = Shared()


Effect = tuple["DocPath", str, Any]


def _effects(contribution: Contribution, sought: _Sought) -> Iterator[Effect]:
    at, source, value = contribution.at, contribution.source, contribution.value
    inside = at[: len(sought.path)] == sought.path and len(at) > len(sought.path)
    if inside:
        if sought.element is None:
            yield from _at_value(source, value, at, sought)
        return
    if sought.path[: len(at)] != at:
        return
    for key in sought.path[len(at) :]:
        if not isinstance(value, dict) or is_edit(value):
            break
        if key not in value:
            return
        source, value = (*source, key), value[key]
        at = (*at, key)
    yield from _at_value(source, value, at, sought)


def _at_value(source: DocPath, value: Any, at: SpecPath, sought: _Sought) -> Iterator[Effect]:
    """The effects of a value that stands at the sought path, or above it and replaces that."""
    if value is None:
        yield (source, DELETE, None)
    elif is_edit(value):
        yield from _edit_effects(source, value, at, sought)
    elif not isinstance(value, list):
        yield (source, SET, value)
    elif sought.element is None:
        yield (source, ADD if is_set_like_in_spec(at) else SET, value)
    else:
        action = ADD if is_set_like_in_spec(at) else SET
        found = list(sought.among(source, value, at))
        yield from ((where, action, element) for where, element in found)
        if not found and action == SET:
            yield (source, REMOVE, value)


def _edit_effects(
    source: DocPath, edit: dict[str, list[Any]], at: SpecPath, sought: _Sought
) -> Iterator[Effect]:
    for key, action in (("only", SET), ("remove", REMOVE), ("add", ADD)):
        if key not in edit:
            continue
        where = (*source, key)
        if sought.element is None:
            yield (where, action, edit[key])
            continue
        found = list(sought.among(where, edit[key], at))
        yield from ((place, action, value) for place, value in found)
        if key == "only" and not found:
            yield (where, REMOVE, edit[key])
