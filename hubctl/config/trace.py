"""Which lines decide a value: the layers that say something about it, from the bottom up.

Follows the same layers and contributions that `resolve.py` merges, so that the two cannot
disagree about order. Reads a Canonical and returns places; changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hubctl.config.hooks import HOST
from hubctl.config.layers import Contribution, Layer, local_entry, mapping
from hubctl.config.load import LOCAL
from hubctl.config.merge import SpecPath, identity, is_edit, is_set_like_in_spec
from hubctl.config.resolve import Resolver

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def trace(canonical: Canonical, name: str, spec_path: SpecPath) -> tuple[Step, ...]:
    """The steps that lead to a value of a target's resolved spec, the deciding one last.

    An element of a list ends the path as `=value` (as text, as JSON, or the id of a hook) or as
    its index. A container has the steps of everything in it.
    """
    resolver = Resolver.of(canonical.document)
    sought = _sought(resolver, name, spec_path)
    if name == HOST:
        return tuple(_host_steps(canonical, resolver, sought))
    return tuple(_steps(canonical, resolver.layers(name), sought))


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


def _sought(resolver: Resolver, name: str, path: SpecPath) -> _Sought:
    last = path[-1] if path else ""
    if not (last.startswith("=") or last.isdigit()):
        return _Sought(path=path, element=None)
    holder = _value_at(resolver.view(name), path[:-1])
    if isinstance(holder, list) and last.isdigit() and int(last) < len(holder):
        element = identity(holder[int(last)], path[:-1])
        return _Sought(path=path[:-1], element=element)
    if last.startswith("=") and not isinstance(holder, dict):
        return _Sought(path=path[:-1], element=last[1:])
    return _Sought(path=path, element=None)


def _value_at(spec: Any, path: SpecPath) -> Any:
    for key in path:
        spec = spec.get(key) if isinstance(spec, dict) else None
    return spec


def _host_steps(canonical: Canonical, resolver: Resolver, sought: _Sought) -> Iterator[Step]:
    yield from _steps(canonical, resolver.host_layers(), sought)
    if sought.path[:1] != ("units",):
        return
    repository, slash, unit = sought.path[1].partition("/") if sought.path[1:] else ("", "", "")
    for name in (repository,) if slash else () if sought.path[1:] else resolver.enabled():
        path = ("units", unit, *sought.path[2:]) if slash else ("units",)
        inner = _Sought(path=path, element=sought.element)
        yield from _steps(canonical, resolver.layers(name), inner)


def _steps(canonical: Canonical, layers: tuple[Layer, ...], sought: _Sought) -> Iterator[Step]:
    for layer in layers:
        for contribution in layer.contributions:
            for source, action, value in _effects(contribution, sought):
                yield Step(
                    layer=layer.text,
                    location=canonical.location(source),
                    action=action,
                    value=value,
                )


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
        yield from _edit_effects(source, value, at, sought.element)
    elif not isinstance(value, list):
        yield (source, SET, value)
    elif sought.element is None:
        yield (source, ADD if is_set_like_in_spec(at) else SET, value)
    else:
        action = ADD if is_set_like_in_spec(at) else SET
        found = list(_matching(source, value, at, sought.element))
        yield from ((where, action, element) for where, element in found)
        if not found and action == SET:
            yield (source, REMOVE, value)


def _edit_effects(
    source: DocPath, edit: dict[str, list[Any]], at: SpecPath, element: str | None
) -> Iterator[Effect]:
    for key, action in (("only", SET), ("remove", REMOVE), ("add", ADD)):
        if key not in edit:
            continue
        where = (*source, key)
        if element is None:
            yield (where, action, edit[key])
            continue
        found = list(_matching(where, edit[key], at, element))
        yield from ((place, action, value) for place, value in found)
        if key == "only" and not found:
            yield (where, REMOVE, edit[key])


def _matching(
    source: DocPath, values: list[Any], at: SpecPath, element: str
) -> Iterator[tuple[DocPath, Any]]:
    for index, value in enumerate(values):
        if _is_element(value, at, element):
            yield (*source, index), value


def _is_element(value: Any, at: SpecPath, element: str) -> bool:
    key = identity(value, at)
    return element in {key, key.removeprefix('"'), key + '"', key.removeprefix("hook:")}
