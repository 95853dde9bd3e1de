"""What goes into a plugin: the sources and hooks that the hub gives to any repository and account.

It is what a repository would get that canonical.yaml names with the chosen profiles and nothing of
its own, and what `global` gives to an account; canonical.local.yaml stays on this machine. What
works only with hubctl beside it is left out and told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hubctl.config.load import load
from hubctl.config.resolve import Resolver
from hubctl.errors import UsageError
from hubctl.model.address import HOST
from hubctl.render.origin import origin, with_origin
from hubctl.shipped import shipped
from hubctl.system.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hubctl.fleet.world import World
    from hubctl.model.target import Source

# Key of the resolved spec → folder of a plugin, which is also the kind of source.
KINDS = {
    "commands": "commands",
    "skills": "skills",
    "agents": "agents",
    "output_styles": "output-styles",
}
_NEEDS_HUBCTL = re.compile(r"(?<![\w/.-])hubctl(?: --hub \S+)? [a-z]")
_APPLY, _PACKAGE = ", then run hubctl apply", ", then run hubctl package"


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginFile:
    """One file of a package; `text` ends as it is written."""

    text: str
    executable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What was found.

    Attributes:
        files: path below the plugin → file, sorted. hooks: event → entries of the spec.
        left_out: what is not in it, a sentence each.
    """

    files: Mapping[str, PluginFile]
    hooks: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()


def contents_of(world: World, profiles: Sequence[str], *, everything: bool) -> Contents:
    """The sources and hooks of a plugin.

    Args:
        world: the hub.
        profiles: those that the imagined repository has, in order.
        everything: also what needs hubctl beside it.

    Raises:
        CanonicalError: canonical.yaml has errors.
        UsageError: no profile has that name, or a name leads to no source.
    """
    specs = _specs(world, profiles)
    files: dict[str, PluginFile] = {}
    left_out: list[str] = []
    sources = Sources(world.files.folder, shipped("templates"))
    for key, folder in KINDS.items():
        names = list(dict.fromkeys(name for spec in specs for name in spec.get(key, ())))
        for group in _groups(folder, _found(sources, folder, names)):
            if not everything and any(_NEEDS_HUBCTL.search(source.text) for source in group):
                left_out.append(f"{folder}/{_label(folder, group[0])}: it runs hubctl")
            else:
                files |= {f"{folder}/{source.name}": _file(folder, source) for source in group}
    return Contents(
        files=dict(sorted(files.items())), hooks=_hooks(specs), left_out=tuple(left_out)
    )


def _specs(world: World, profiles: Sequence[str]) -> tuple[Mapping[str, Any], ...]:
    """The spec of a repository with these profiles, and that of an account."""
    document = world.compiler.canonical.document  # raises where it has errors
    known = document.get("profiles") or {}
    for profile in profiles:
        if profile not in known:
            raise _unknown_profile(profile, known)
    shared = load(world.files.data, file=world.files.path).document
    name = "package"
    imagined = {**shared, "repositories": {name: {"profiles": list(profiles)}}}
    resolver = Resolver(imagined)
    return resolver.view(name), resolver.view(HOST)


def _unknown_profile(name: str, known: Mapping[str, Any]) -> UsageError:
    import difflib

    near = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"profiles: {', '.join(sorted(known)) or 'none'}"
    return UsageError(f"there is no profile {name!r}", hint=hint)


def _found(sources: Sources, kind: str, names: Sequence[str]) -> tuple[Source, ...]:
    found = sources.find(kind, names)
    if found.missing:
        problem = found.findings[0]
        raise UsageError(problem.message, hint=problem.hint)
    return found.sources


def _groups(kind: str, sources: Sequence[Source]) -> Iterator[list[Source]]:
    """What belongs together: the files of one skill, else each file alone."""
    groups: dict[str, list[Source]] = {}
    for source in sources:
        groups.setdefault(_label(kind, source), []).append(source)
    yield from groups.values()


def _label(kind: str, source: Source) -> str:
    return source.name.partition("/")[0] if kind == "skills" else source.name


def _file(kind: str, source: Source) -> PluginFile:
    """A source with its origin line, which names the command that writes it here."""
    text = with_origin(kind, source.name, source.text, source.shown)
    line = origin(source.shown)
    here = line.replace(_APPLY, _PACKAGE)
    for escaped in (str, lambda text: text.replace(">", "&gt;")):
        text = text.replace(escaped(line), escaped(here), 1)
    return PluginFile(text=text, executable=source.executable)


def _hooks(specs: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """Every hook of the specs, once per event; a plugin knows one scope only."""
    events: dict[str, list[Mapping[str, Any]]] = {}
    for spec in specs:
        for event, entries in (spec.get("hooks") or {}).items():
            for entry in entries:
                here = {**entry, "scope": "local"}
                if here not in events.setdefault(event, []):
                    events[event].append(here)
    return dict(sorted(events.items()))
