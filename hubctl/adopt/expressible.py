"""What of a client's file canonical.yaml can say word for word, and what has to stay outside.

Pure. Whatever is left out stays in its file, unmanaged and unharmed; each omission has a reason.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from hubctl.config.flagged import is_flagged
from hubctl.config.merge import is_edit, is_set_like
from hubctl.config.scalars import MAX_DIGITS
from hubctl.documents.hook_groups import OWN, OWN_ASYNC, handler_id, own_id
from hubctl.model.address import element_fragment, join_pointer
from hubctl.model.item import JsonValue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

DEEPEST: Final = 60
MOST_ELEMENTS: Final = 5000
SECRET: Final = "it looks like a secret, and canonical.yaml must not hold one"
_GROUP_KEYS: Final = frozenset(("matcher", "hooks"))
_NULL: Final = "a null cannot be said in canonical.yaml, where it takes a key away"


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """One thing that stays outside: the fragment of its address, and why."""

    fragment: str
    reason: str


@dataclass(slots=True, kw_only=True)
class Sieve:
    """Sorts the content of one file; mutable: `left` grows on the way."""

    left: list[Left] = field(default_factory=list)

    def settings(self, root: Mapping[str, Any]) -> dict[str, Any]:
        """The part of a settings file that canonical.yaml can hold."""
        kept = self._members({key: v for key, v in root.items() if key != "hooks"}, ())
        hooks = self._hooks(root["hooks"]) if "hooks" in root else {}
        return {**kept, "hooks": hooks} if hooks else kept

    def mcp(self, root: Mapping[str, Any]) -> dict[str, Any]:
        """The servers of a `.mcp.json` that canonical.yaml can hold."""
        servers = root.get("mcpServers")
        for key in root:
            if key != "mcpServers" or not isinstance(servers, dict):
                self._leave((key,), "canonical.yaml has a place for servers alone")
        found = servers if isinstance(servers, dict) else {}
        return self._members(found, ("mcpServers",), lists=False)

    def _leave(self, keys: tuple[str, ...], reason: str) -> None:
        self.left.append(Left(fragment=join_pointer(keys), reason=reason))

    # -- members -----------------------------------------------------------------------------------

    def _members(
        self, root: Mapping[str, Any], at: tuple[str, ...], *, lists: bool = True
    ) -> dict[str, Any]:
        kept: dict[str, Any] = {}
        for key, value in root.items():
            keys = (*at, key)
            if isinstance(value, dict) and value and len(keys) < DEEPEST and not is_edit(value):
                inner = self._members(value, keys, lists=lists)
                if inner:
                    kept[key] = inner
            elif lists and isinstance(value, list) and is_set_like(keys):
                kept |= self._elements(key, value, keys)
            elif reason := refusal(keys, value):
                self._leave(keys, reason)
            else:
                kept[key] = value
        return kept

    def _elements(self, key: str, value: list[Any], keys: tuple[str, ...]) -> dict[str, Any]:
        if len(value) > MOST_ELEMENTS:
            self._leave(keys, f"{len(value)} entries are more than {MOST_ELEMENTS}")
            return {}
        if any(isinstance(item, (dict, list)) for item in value):
            reason = refusal(keys, value)
            if reason:
                self._leave(keys, reason)
            return {} if reason else {key: value}
        kept = []
        for item in {(type(item), item): item for item in value}.values():
            reason = _element_refusal(keys, item)
            if reason:
                fragment = element_fragment(keys, item)
                self.left.append(Left(fragment=fragment, reason=reason))
            else:
                kept.append(item)
        return {key: kept} if kept else {}

    # -- hooks -------------------------------------------------------------------------------------

    def _hooks(self, hooks: object) -> dict[str, Any]:
        if not isinstance(hooks, dict):
            self._leave(("hooks",), "the client expects an object here and runs none of it")
            return {}
        found = {event: self._event(event, groups) for event, groups in hooks.items()}
        return {event: groups for event, groups in found.items() if groups}

    def _event(self, event: str, groups: object) -> list[Any]:
        at = ("hooks", event)
        if not (event.isascii() and event.isalnum() and event[:1].isupper()):
            self._leave(at, "no event of the client is spelled like this")
            return []
        if not isinstance(groups, list):
            self._leave(at, "the client expects a list of matcher groups and runs none of it")
            return []
        several = _repeated(groups)
        kept = [self._group(at, event, group, several) for group in groups]
        return [group for group in kept if group]

    def _group(
        self, at: tuple[str, ...], event: str, group: object, several: frozenset[str]
    ) -> dict[str, Any] | None:
        if not _is_group(group):
            self._leave(at, "a group of another shape than matcher and hooks stays as it is")
            return None
        assert isinstance(group, dict)
        kept = [e for e in group["hooks"] if self._keeps(event, e, several)]
        return {**group, "hooks": kept} if kept else None

    def _keeps(self, event: str, entry: dict[str, Any], several: frozenset[str]) -> bool:
        name = own_id(entry) or handler_id(entry)
        reason = refusal(("hooks", event), entry)
        if name in (OWN, OWN_ASYNC):
            reason = "it is hubctl's own; name its hooks under `hooks` instead"
        elif name in several:
            reason = "the same handler stands there more than once"
        elif not reason and not is_handler(entry):
            reason = "the client does not run a handler of this shape, or newer ones alone do"
        if reason:
            self.left.append(Left(fragment=f"hook:{event}/{name}", reason=reason))
        return not reason


def refusal(keys: tuple[str, ...], value: object) -> str:
    """Why canonical.yaml cannot hold a value that is owned whole; "" if it can."""
    reason = next(_problems(value, len(keys)), "")
    if not reason and is_edit(value):
        reason = "canonical.yaml would read it as the edit of a list"
    if not reason and not all(_is_text(key) for key in keys):
        reason = "its name holds characters that no YAML file can"
    if not reason and _is_secret(keys, value):
        reason = SECRET
    return reason


def _element_refusal(keys: tuple[str, ...], item: object) -> str:
    return "it is no text" if not isinstance(item, str) or not item else refusal(keys, item)


def _problems(value: object, depth: int) -> Iterator[str]:
    if depth > DEEPEST:
        yield f"it is nested deeper than {DEEPEST} levels"
    elif isinstance(value, dict):
        if not all(_is_text(key) for key in value):
            yield "a name in it holds characters that no YAML file can"
        for member in value.values():
            yield from _problems(member, depth + 1)
    elif isinstance(value, list):
        if len(value) > MOST_ELEMENTS:
            yield f"{len(value)} entries are more than {MOST_ELEMENTS}"
        for member in value:
            yield from _problems(member, depth + 1)
    else:
        yield from _scalar_problems(value)


def _scalar_problems(value: object) -> Iterator[str]:
    if value is None:
        yield _NULL
    elif isinstance(value, str) and not _is_text(value):
        yield "it holds characters that no YAML file can"
    elif isinstance(value, int) and abs(value) >= 10**MAX_DIGITS:
        yield f"it has more than {MAX_DIGITS} digits"


def _is_text(text: str) -> bool:
    """Whether YAML can hold a text: no half characters, no control characters."""
    return not any(_is_control(c) for c in text)


def _is_control(char: str) -> bool:
    code = ord(char)
    if code < 0x20:
        return char not in "\t\n"
    return 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000 or code in (0x2028, 0x2029, 0xFEFF)


def _is_secret(keys: tuple[str, ...], value: object) -> bool:
    """Whether the value itself is one; a sensitive place alone says nothing against it."""
    from hubctl.config.secrets import scan_value

    return bool(scan_value(keys, value))


def is_hidden(keys: tuple[str, ...], value: object) -> bool:
    """Whether a value is never shown."""
    return is_flagged(keys, JsonValue(value=value))


def is_handler(entry: Mapping[str, Any]) -> bool:
    """Whether canonical.yaml takes a handler: of a known type, with fields of their types."""
    needed = _NEEDED.get(str(entry.get("type")))
    if needed is None or entry.keys() & _OURS:
        return False
    if not all(isinstance(entry.get(key), str) and entry[key] for key in needed):
        return False
    return all(fits(entry[key]) for key, fits in _FITS.items() if key in entry)


def _is_seconds(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0


def _is_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)


def _is_string(value: object) -> bool:
    return isinstance(value, str)


_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "command": ("command",),
    "http": ("url",),
    "mcp_tool": ("server", "tool"),
    "prompt": ("prompt",),
    "agent": ("prompt",),
}
# Names that mean something else beside a handler in canonical.yaml.
_OURS: Final = frozenset(("matcher", "scope", "hook", "handler", "options", "enabled"))
_FITS: Final[Mapping[str, Callable[[object], bool]]] = {
    "args": _is_words,
    "timeout": _is_seconds,
    "if": _is_string,
    "statusMessage": _is_string,
    "async": lambda value: isinstance(value, bool),
    "onFailure": lambda value: value in ("continue", "block"),
}


def _is_group(group: object) -> bool:
    if not isinstance(group, dict) or not isinstance(group.get("hooks"), list):
        return False
    fits = isinstance(group.get("matcher", ""), str) and group.keys() <= _GROUP_KEYS
    return fits and all(isinstance(entry, dict) and entry for entry in group["hooks"])


def _repeated(groups: list[Any]) -> frozenset[str]:
    """Handlers that one event has more than once: which of them is meant would be a guess."""
    names = Counter(
        handler_id(entry)
        for group in groups
        if isinstance(group, dict) and isinstance(group.get("hooks"), list)
        for entry in group["hooks"]
        if isinstance(entry, dict)
    )
    return frozenset(name for name, times in names.items() if times > 1)
