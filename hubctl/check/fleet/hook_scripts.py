"""Hook scripts and settings that lost each other: files nothing calls, calls of missing files.

A script counts as called when its name stands anywhere it could be called from: a string of the
settings, a skill, command or agent, another script, the account's settings. Silence is cheaper
than a wrong word about somebody's work. Pure.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hubctl.check.client.rule import elements, members, text, words_of
from hubctl.check.fleet.command_line import needed_paths, resolved
from hubctl.check.fleet.rule import Hit
from hubctl.check.fleet.seen import MCP
from hubctl.config.secrets import is_sensitive
from hubctl.documents.hook_groups import handler_id, own_id
from hubctl.model.address import join_pointer, split_pointer
from hubctl.output.masking import hidden

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hubctl.check.fleet.seen import Seen

HOOKS: Final = ".claude/hooks/"
_LIBRARY: Final = re.compile(
    r"(?:__init__|conftest)\.py|test_.*|.*[_.](?:test|spec)\.\w+|.*\.d\.ts|"
    # Names of git's own hooks: core.hooksPath may point here.
    r"(?:pre|post|prepare|commit|applypatch|fsmonitor|reference|sendemail|update|push|proc)"
    r"(?:-[a-z-]+)?"
)
_TEST_FOLDERS: Final = frozenset(("test", "tests", "__tests__"))
_COMMAND_KEYS: Final = (
    ("statusLine", "command"),
    ("subagentStatusLine", "command"),
    ("fileSuggestion", "command"),
    ("apiKeyHelper",),
    ("otelHeadersHelper",),
    ("awsAuthRefresh",),
    ("awsCredentialExport",),
    ("gcpAuthRefresh",),
)
"""Keys of settings, beside hooks, whose text the client runs."""


def uncalled(seen: Seen) -> Iterator[Hit]:
    """Scripts below `.claude/hooks/` that nothing seems to call."""
    candidates = [path for path in seen.scripts if _is_script(path)]
    if not candidates or seen.unreadable:
        return
    said = "\n".join(_said(seen))
    left = [path for path in candidates if not _is_named(path, said)]
    if left:
        # What another script calls is called too, as is what a module of it is imported as.
        scripts = {path: seen.read(path).decode("utf-8", "replace") for path in seen.scripts}
        left = [path for path in left if not _is_used(path, scripts)]
    for path in left:
        yield Hit(address=seen.address(path), what=f"nothing calls {path.removeprefix(HOOKS)}")


def missing(seen: Seen) -> Iterator[Hit]:
    """Files that settings start and that are not there."""
    for path, fragment, what, command, args in _commands(seen):
        root = "" if seen.is_host else seen.root
        for word in needed_paths(command, args):
            absolute = resolved(word, root, seen.home)
            if absolute and not seen.exists(absolute):
                inside = absolute.startswith(f"{root}/") if root else False
                shown = absolute[len(root) + 1 :] if inside else word
                # Programs that print credentials are shown nowhere, whatever they are called.
                told = hidden(shown) if is_sensitive(split_pointer(fragment)) else shown
                yield Hit(
                    address=seen.address(path, fragment),
                    what=f"{what} starts {told}, which is not there",
                )


Command = tuple[str, str, str, str, "Sequence[str] | None"]


def _commands(seen: Seen) -> Iterator[Command]:
    """Path, fragment, name, command and args of everything that the client would start."""
    for path, case in seen.cases():
        for keys in _COMMAND_KEYS:
            command = text(case.value(*keys))
            if command:
                yield path, join_pointer(keys), keys[0], command, None
        for handler in case.handlers():
            if text(handler.entry.get("command")) and not own_id(handler.entry):
                fragment = f"hook:{handler.event}/{handler_id(handler.entry)}"
                yield path, fragment, handler.event, *_command_of(handler.entry)
    for name, server in members(seen.settings.get(MCP, {}).get("mcpServers")):
        if isinstance(server, dict):
            command, args = _command_of(server)
            pointer = join_pointer(("mcpServers", name, "command"))
            yield MCP, pointer, f"server {name}", command, args or ()


def _command_of(entry: Mapping[str, object]) -> tuple[str, Sequence[str] | None]:
    args = entry.get("args")
    words = [text(arg) for arg in elements(args)] if isinstance(args, list) else None
    return text(entry.get("command")), words


def _is_script(path: str) -> bool:
    *folders, name = path.split("/")
    return not (_TEST_FOLDERS & set(folders) or _LIBRARY.fullmatch(name))


def _said(seen: Seen) -> Iterator[str]:
    """Every text that could call a script."""
    for settings in (*seen.settings.values(), *([] if seen.is_host else [seen.host_settings()])):
        yield from words_of(dict(settings))
    for data in seen.texts.values():
        yield data.decode("utf-8", "replace")


def _is_named(path: str, said: str) -> bool:
    *folders, name = path.split("/")
    if name in said:
        return True
    # `run-parts .claude/hooks/start/`, `for f in .claude/hooks/*.sh`: everything in there.
    own = ["/".join(folders[:n]) for n in range(2, len(folders) + 1)]
    return any(re.search(rf"{re.escape(folder)}/?(?:[\s\"'`;|&)*?$]|\Z)", said) for folder in own)


def _is_used(path: str, scripts: Mapping[str, str]) -> bool:
    stem = path.rpartition("/")[2].partition(".")[0]
    word = re.compile(rf"(?<![\w-]){re.escape(stem)}(?![\w-])")
    return any(word.search(said) for other, said in scripts.items() if other != path)
