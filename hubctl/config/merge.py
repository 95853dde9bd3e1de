"""How one layer of configuration lies over another: the only place that merges.

Maps merge per key, set-like lists unite in order, everything else replaces; `null` deletes a key;
`{only: […]}`, `{remove: […]}`, `{add: […]}` edit a list of any kind. Arguments are never changed,
and results may share parts with them: `copy_json` before handing one out.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

EDITS = ("only", "remove", "add")

# Paths inside client settings; `*` is any one key. The client itself concatenates these lists over
# its scopes; lists it replaces whole (fallbackModel, availableModels) are not here.
SET_LIKE: tuple[tuple[str, ...], ...] = (
    ("permissions", "allow"),
    ("permissions", "ask"),
    ("permissions", "deny"),
    ("permissions", "additionalDirectories"),
    ("sandbox", "excludedCommands"),
    ("sandbox", "filesystem", "*"),
    ("sandbox", "network", "*"),
    ("sandbox", "ignoreViolations", "*"),
    ("sandbox", "credentials", "*"),
    ("autoMode", "*"),
    ("enabledMcpjsonServers",),
    ("disabledMcpjsonServers",),
    ("allowedMcpServers",),
    ("deniedMcpServers",),
    ("allowedHttpHookUrls",),
    ("httpHookAllowedEnvVars",),
    ("claudeMdExcludes",),
    ("companyAnnouncements",),
    ("skippedMarketplaces",),
    ("skippedPlugins",),
    ("worktree", "symlinkDirectories"),
    ("worktree", "sparsePaths"),
)

# Paths inside a resolved spec, beside the client settings in it.
SPEC_SET_LIKE: tuple[tuple[str, ...], ...] = (
    ("hooks", "*"),
    ("commands",),
    ("skills",),
    ("agents",),
    ("rules",),
    ("output_styles",),
    ("instructions", "conventions"),
    ("instructions", "fragments"),
    ("gitignore",),
    ("units", "*", "after"),
    ("units", "*", "wants"),
)
_SETTINGS = ("settings", "local")

SpecPath = tuple[str, ...]


def is_set_like(path: SpecPath) -> bool:
    """Whether the list at `path` inside client settings is a set kept in order."""
    return _fits(path, _SETTINGS_BY_FIRST)


def is_set_like_in_spec(path: SpecPath) -> bool:
    """Whether the list at `path` inside a resolved spec is a set kept in order."""
    if path[:1] and path[0] in _SETTINGS:
        return is_set_like(path[1:])
    return _fits(path, _SPEC_BY_FIRST)


def _by_first(table: Iterable[SpecPath]) -> dict[str, tuple[SpecPath, ...]]:
    rows: dict[str, tuple[SpecPath, ...]] = {}
    for row in table:
        rows[row[0]] = (*rows.get(row[0], ()), row)
    return rows


_SETTINGS_BY_FIRST = _by_first(SET_LIKE)
_SPEC_BY_FIRST = _by_first(SPEC_SET_LIKE)


def _fits(path: SpecPath, table: Mapping[str, tuple[SpecPath, ...]]) -> bool:
    return bool(path) and any(
        len(row) == len(path) and all(a in ("*", b) for a, b in zip(row, path, strict=True))
        for row in table.get(path[0], ())
    )


def is_edit(value: object) -> bool:
    """Whether a value edits a list instead of being one."""
    return (
        isinstance(value, dict)
        and bool(value)
        and all(key in EDITS and isinstance(part, list) for key, part in value.items())
    )


def merge(base: Any, over: Any, path: SpecPath) -> Any:
    """`over` laid on `base` at `path` of a resolved spec; `base` None means nothing is there.

    `over` is not None: deleting is up to whoever holds the key (`merge_map` does).
    """
    if is_edit(over):
        return edit_list(base if isinstance(base, list) else [], over, path)
    if isinstance(over, dict):
        return merge_map(base if isinstance(base, dict) else {}, over, path)
    if isinstance(over, list) and is_set_like_in_spec(path):
        return unite(base if isinstance(base, list) else [], over, path)
    return over


def merge_map(base: dict[str, Any], over: dict[str, Any], path: SpecPath) -> dict[str, Any]:
    """Maps per key; a null in `over` deletes the key, or does nothing where there is none."""
    merged = dict(base)
    for key, value in over.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge(base.get(key), value, (*path, key))
    return merged


def edit_list(base: list[Any], edit: dict[str, list[Any]], path: SpecPath) -> list[Any]:
    """`only` replaces what is inherited, `remove` takes away, `add` appends what lacks."""
    removed = {identity(element, path) for element in edit.get("remove", ())}
    kept = [e for e in edit.get("only", base) if identity(e, path) not in removed]
    if is_set_like_in_spec(path):
        return unite(kept, edit.get("add", ()), path)
    present = {identity(element, path) for element in kept}
    return kept + [e for e in edit.get("add", ()) if identity(e, path) not in present]


def unite(base: Iterable[Any], more: Iterable[Any], path: SpecPath) -> list[Any]:
    """Elements of both in order, each once; two entries for one hook become one where it stood."""
    united: dict[str, Any] = {}
    for element in (*base, *more):
        key = identity(element, path)
        known = united.get(key)
        united[key] = _same_hook(known, element) if known is not None else element
    return list(united.values())


def identity(element: object, path: SpecPath) -> str:
    """What makes two elements of the list at `path` the same one."""
    if path[:1] == ("hooks",) and isinstance(element, dict) and "hook" in element:
        return f"hook:{element['hook']}"
    if isinstance(element, str):
        return f'"{element}'
    return json.dumps(element, sort_keys=True)


def _same_hook(known: Any, element: Any) -> Any:
    if not (isinstance(known, dict) and "hook" in known):
        return known
    merged = {**known, **element}
    if "options" in known and "options" in element:
        merged["options"] = merge_map(known["options"], element["options"], ("options",))
    return merged


def copy_json(value: Any) -> Any:
    """A copy that shares nothing that can be changed."""
    if isinstance(value, dict):
        return {key: copy_json(member) for key, member in value.items()}
    if isinstance(value, list):
        return [copy_json(member) for member in value]
    return value
