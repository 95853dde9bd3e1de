"""The shortest overrides that lead from one resolved spec to another. Pure.

The inverse of `config.merge`: laying the result over `base` gives what is wanted.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from hubctl.config.merge import identity, is_set_like_in_spec

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Parts of a spec that adopting speaks about; the last ones only to keep them out.
VALUES: Final = ("settings", "local", "mcp")
LISTS: Final = ("commands", "skills", "agents", "rules", "output_styles")
_EMPTY: Final[Mapping[str, Any]] = {
    "gitignore": [],
    "pre_commit": False,
    "ci": "",
    "units": {},
}
_FACTS: Final = ("language", "test_command")
_ENV_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_RULES: Final = ("allow", "ask", "deny", "additionalDirectories")

Spec = dict[str, Any]


class _Same:
    """Nothing is to be said."""


SAME: Final = _Same()


def overrides(base: Mapping[str, Any], wanted: Mapping[str, Any]) -> Spec:
    """The section `overrides` of a repository that makes `base` what is `wanted`."""
    return additions(base, wanted) | _without(base)


def additions(base: Mapping[str, Any], wanted: Mapping[str, Any]) -> Spec:
    """The same for a profile: without a word about what else there is."""
    found: Spec = {}
    for key in VALUES:
        part = difference(base.get(key, {}), wanted.get(key, {}), (key,))
        if part is not SAME:
            found |= _folded(key, part)
    for key in LISTS:
        part = difference(base.get(key, []), wanted.get(key, []), (key,))
        if part is not SAME:
            found[key] = part
    hooks = difference(base.get("hooks", {}), wanted.get("hooks", {}), ("hooks",))
    if hooks is not SAME:
        found["hooks"] = {event: _written(part) for event, part in hooks.items()}
    return found


def _written(part: Any) -> Any:
    """Hooks of one event as people write them, or an edit of them."""
    if isinstance(part, dict):
        return {key: [written_hook(entry) for entry in entries] for key, entries in part.items()}
    return part if part is None else [written_hook(entry) for entry in part]


def written_hook(entry: Spec) -> Any:
    """One hook of a resolved spec as people write it."""
    if "hook" in entry:
        return entry["hook"]
    beside: Spec = {"matcher": entry["matcher"]} if entry["matcher"] else {}
    if entry["scope"] != "local":
        beside["scope"] = entry["scope"]
    return {**entry["handler"], **beside}


def _without(base: Mapping[str, Any]) -> Spec:
    """What keeps everything out that would write into the repository."""
    found: Spec = {key: None for key, empty in _EMPTY.items() if base.get(key, empty) != empty}
    if any(base.get("instructions", {}).get(key) for key in ("conventions", "fragments", "text")):
        found["instructions"] = None
    return found | {key: None for key in _FACTS if base.get(key)}


def _folded(key: str, part: Any) -> Spec:
    """Settings in the short forms that people write."""
    if key == "mcp":
        return {"mcp": part}
    short: Spec = {}
    rest = dict(part)
    for name, is_short in (("permissions", _is_short_permissions), ("env", _is_short_env)):
        if name in rest and (rest[name] is None or is_short(rest[name])):
            short[name] = rest.pop(name)
    if rest:
        short["settings"] = rest
    return short if key == "settings" else {"local": short}


def _is_short_permissions(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    lists = (value[key] for key in _RULES if isinstance(value.get(key), list))
    others = value.get("defaultMode", "")
    return isinstance(others, str) and value.keys() <= {*_RULES, "defaultMode"} and all(lists)


def _is_short_env(value: object) -> bool:
    return isinstance(value, dict) and all(
        _ENV_NAME.match(key) and isinstance(member, str | None) for key, member in value.items()
    )


def difference(base: Any, wanted: Any, path: tuple[str, ...]) -> Any:
    """What laid over `base` at `path` gives `wanted`; SAME where nothing has to be."""
    if same(base, wanted):
        return SAME
    if isinstance(base, dict) and isinstance(wanted, dict):
        found = dict(_members(base, wanted, path))
        return found or SAME
    if isinstance(base, list) and isinstance(wanted, list) and is_set_like_in_spec(path):
        return _of_set(base, wanted, path)
    return wanted


def _members(base: Spec, wanted: Spec, path: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    for key in (*wanted, *(key for key in base if key not in wanted)):
        if key not in wanted:
            yield key, None
        elif key not in base:
            yield key, wanted[key]
        else:
            part = difference(base[key], wanted[key], (*path, key))
            if part is not SAME:
                yield key, part


def _of_set(base: list[Any], wanted: list[Any], path: tuple[str, ...]) -> Any:
    whole = any(isinstance(item, (dict, list)) for item in (*base, *wanted))
    if whole and path[0] != "hooks":
        return {"only": wanted}
    had = {identity(item, path) for item in base}
    has = {identity(item, path) for item in wanted}
    added = [item for item in wanted if identity(item, path) not in had]
    removed = [item for item in base if identity(item, path) not in has]
    if not removed:
        return added or SAME
    if len(removed) > len(wanted):
        return {"only": wanted}
    return {"remove": removed, **({"add": added} if added else {})}


def same(one: object, other: object) -> bool:
    """Whether two JSON values are equal with their types: true is not 1, and 1 not 1.0."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def common(values: tuple[Any, ...], path: tuple[str, ...] = ()) -> Any:
    """What all values have in common: members, elements of sets, equal values; else SAME."""
    first = values[0]
    if all(isinstance(value, dict) for value in values):
        keys = [key for key in first if all(key in value for value in values)]
        parts = {k: common(tuple(v[k] for v in values), (*path, k)) for k in keys}
        kept = {key: part for key, part in parts.items() if part is not SAME}
        return kept or SAME
    if all(isinstance(v, list) for v in values) and is_set_like_in_spec(path):
        lists = [{identity(item, path) for item in value} for value in values]
        shared = [item for item in first if all(identity(item, path) in ids for ids in lists)]
        return shared or SAME
    return first if all(same(first, value) for value in values[1:]) else SAME


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every single thing in a spec, as its path and its value as JSON."""
    if isinstance(value, dict) and value:
        for key, member in value.items():
            yield from leaves(member, (*path, key))
    elif isinstance(value, list) and is_set_like_in_spec(path):
        for item in value:
            yield (*path, json.dumps(item, sort_keys=True))
    elif value not in ({}, [], "", None, False) or path[:1] in (("settings",), ("local",)):
        yield (*path, json.dumps(value, sort_keys=True))
