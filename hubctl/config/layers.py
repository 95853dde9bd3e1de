"""The layers that make up one target, in the order in which they lie over each other.

A layer is a section of canonical.yaml with its contributions: which value it lays where in the
resolved spec, and where in the document that value stands. Nothing is merged here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hubctl.config.hooks import event_name, normal_entries
from hubctl.config.load import LOCAL
from hubctl.config.places import DocPath, path_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.config.merge import SpecPath

Body = dict[str, Any]

# Key of a profile body → where it lands in a resolved spec. Short forms stand after what they are
# short for, so that they win.
_SETTINGS: tuple[tuple[str, SpecPath], ...] = (
    ("settings", ()),
    ("permissions", ("permissions",)),
    ("env", ("env",)),
)
_BODY: tuple[tuple[str, SpecPath], ...] = (
    ("commands", ("commands",)),
    ("skills", ("skills",)),
    ("agents", ("agents",)),
    ("rules", ("rules",)),
    ("output_styles", ("output_styles",)),
    ("instructions", ("instructions",)),
    ("conventions", ("instructions", "conventions")),
    ("fragments", ("instructions", "fragments")),
    ("mcp", ("mcp",)),
    ("gitignore", ("gitignore",)),
    ("pre_commit", ("pre_commit",)),
    ("ci", ("ci",)),
    ("units", ("units",)),
    ("language", ("language",)),
    ("test_command", ("test_command",)),
)
BODY_KEYS = frozenset({key for key, _ in (*_SETTINGS, *_BODY)} | {"local", "hooks"})
_REPOSITORY: tuple[tuple[str, SpecPath], ...] = (
    ("path", ("path",)),
    ("description", ("description",)),
    ("enabled", ("enabled",)),
    ("commit", ("commit",)),
    ("language", ("language",)),
    ("test_command", ("test_command",)),
    ("conventions", ("instructions", "conventions")),
    ("units", ("units",)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """One value: where it lands in the resolved spec, and where it stands in the document."""

    at: SpecPath
    source: DocPath
    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One section's contributions; `text` names it for people."""

    text: str
    contributions: tuple[Contribution, ...]


def mapping(value: object) -> Body:
    """A section as a mapping; what is empty, absent or of another type is an empty one."""
    return value if isinstance(value, dict) else {}


def body_layer(body: Body, source: DocPath, text: str = "") -> Layer:
    """The layer of a profile body: defaults, a profile, overrides, `global`."""
    found = (
        *_listed(_prefixed(_SETTINGS, "settings"), body, source),
        *_listed(_prefixed(_SETTINGS, "local"), mapping(body.get("local")), (*source, "local")),
        *hook_contributions(body, source),
        *_listed(_BODY, body, source),
    )
    return Layer(text=text or path_text(source), contributions=found)


def hooks_layer(body: Body, source: DocPath, text: str = "") -> Layer:
    """Only the hooks of a section (those of `global` go into every repository)."""
    found = tuple(hook_contributions(body, source))
    return Layer(text=text or path_text(source), contributions=found)


def local_hooks_layer(document: Body) -> Layer:
    """The hooks under `global` in canonical.local.yaml."""
    body = mapping(mapping(document.get(LOCAL)).get("global"))
    return hooks_layer(body, (LOCAL, "global"), LOCAL)


def repository_layers(document: Body, name: str) -> tuple[Layer, ...]:
    """A repository's own keys, its overrides, and the same of canonical.local.yaml."""
    entry = mapping(mapping(document.get("repositories")).get(name))
    path: DocPath = ("repositories", name)
    local = local_entry(document, name)
    beside: DocPath = (LOCAL, "repositories", name)
    return (
        *_entry_layers(entry, path, path_text(path)),
        local_hooks_layer(document),
        *_entry_layers(local, beside, LOCAL),
    )


def local_entry(document: Body, name: str) -> Body:
    """What canonical.local.yaml says about a repository; a plain text is its path."""
    value = mapping(mapping(document.get(LOCAL)).get("repositories")).get(name)
    return {"path": value} if isinstance(value, str) else mapping(value)


def _entry_layers(entry: Body, path: DocPath, text: str) -> Iterator[Layer]:
    own = tuple(_listed(_REPOSITORY, entry, path))
    if own:
        yield Layer(text=text, contributions=own)
    overrides = mapping(entry.get("overrides"))
    if overrides:
        inner = (*path, "overrides")
        yield body_layer(overrides, inner, text if path[0] == LOCAL else path_text(inner))


def profile_order(document: Body, name: str) -> tuple[str, ...]:
    """The profiles of a repository, each after what it extends, each once.

    Unknown names and cycles are passed over; `semantics.py` reports them.
    """
    profiles = mapping(document.get("profiles"))
    entry = mapping(mapping(document.get("repositories")).get(name))
    order: dict[str, None] = {}
    seen: set[str] = set()
    for profile in texts(entry.get("profiles")):
        _visit(profile, profiles, order, seen)
    return tuple(order)


def _visit(name: str, profiles: Body, order: dict[str, None], seen: set[str]) -> None:
    # Not recursive: a chain may be longer than Python's stack.
    stack = [(name, iter(texts(mapping(profiles.get(name)).get("extends"))))]
    while stack:
        current, parents = stack[-1]
        seen.add(current)
        parent = next((p for p in parents if p not in seen), None)
        if parent is not None:
            stack.append((parent, iter(texts(mapping(profiles.get(parent)).get("extends")))))
            continue
        stack.pop()
        if current in profiles:
            order[current] = None


def texts(value: object) -> tuple[str, ...]:
    """A text or a list of texts as texts."""
    items = value if isinstance(value, list) else [value]
    return tuple(item for item in items if isinstance(item, str))


def hook_contributions(body: Body, source: DocPath) -> Iterator[Contribution]:
    """One contribution per event, or one that deletes all hooks."""
    hooks = body.get("hooks", {})
    if hooks is None:
        yield Contribution(at=("hooks",), source=(*source, "hooks"), value=None)
    for key, value in mapping(hooks).items():
        at, where = ("hooks", event_name(key)), (*source, "hooks", key)
        yield Contribution(at=at, source=where, value=normal_entries(value))


def _listed(
    table: tuple[tuple[str, SpecPath], ...], body: Body, source: DocPath
) -> Iterator[Contribution]:
    for key, at in table:
        if key in body:
            yield Contribution(at=at, source=(*source, key), value=body[key])


def _prefixed(
    table: tuple[tuple[str, SpecPath], ...], first: str
) -> tuple[tuple[str, SpecPath], ...]:
    return tuple((key, (first, *at)) for key, at in table)
