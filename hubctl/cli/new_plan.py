"""What `hubctl new` was asked for, checked before anything is made."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hubctl.cli.new import Project
from hubctl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubctl.fleet.world import World
    from hubctl.scaffold.sources import Source

_GENERIC = "generic"


def project_of(world: World, path: str, asked: Mapping[str, Any]) -> Project:
    """The project that was asked for.

    Raises:
        UsageError: the folder or the name is taken, or something asked for does not exist.
        CanonicalError: canonical.yaml would not be valid with it.
    """
    from hubctl.cli.context import absolute
    from hubctl.fleet.canonical_edit import require_valid
    from hubctl.fleet.repositories import entry_name
    from hubctl.model.address import HOST, TARGET_NAME
    from hubctl.system.project_folders import require_free

    folder = os.path.normpath(absolute(path))
    name = asked["name"] or entry_name(folder)
    if not TARGET_NAME.match(name) or name == HOST:
        hint = "small letters, digits, - and _, beginning with a letter or digit; see --name"
        raise UsageError(f"{name!r} cannot be the name of a repository", hint=hint)
    if name in (world.compiler.canonical.document.get("repositories") or {}):
        raise UsageError(f"{world.files.path} has a repository {name!r} already", hint="see --name")
    require_free(folder)
    spec = _tentative(world, name, folder, asked, {})
    source = _source(world, asked, str(spec.get("language") or _GENERIC))
    extra = {} if asked["no_git"] else _from_the_start(world, spec)
    data = _with_entry(world, name, folder, asked, extra)
    require_valid(world, data)
    return Project(
        name=name,
        path=folder,
        data=data,
        source=source,
        answers=_answers(world, name, spec, asked),
        trust=bool(asked["trust"]) or source.is_ours,
        with_git=not asked["no_git"],
        knows_test_command=bool(spec.get("test_command")),
    )


def _from_the_start(world: World, spec: Mapping[str, Any]) -> dict[str, object]:
    """What a new project has, unless the hub's defaults or profiles say something of it."""
    hub = world.compiler.canonical.document.get("hub") or {}
    extra: dict[str, object] = {} if spec.get("pre_commit") else {"pre_commit": True}
    # A workflow for drift needs to know which release of hubctl to install.
    if hub.get("package") and not spec.get("ci"):
        extra["ci"] = "github"
    return extra


def _tentative(
    world: World, name: str, folder: str, asked: Mapping[str, Any], extra: Mapping[str, object]
) -> Mapping[str, Any]:
    """What the hub would want of the project."""
    from hubctl.fleet.canonical_edit import require_valid
    from hubctl.fleet.world import World as Hub

    data = _with_entry(world, name, folder, asked, extra)
    require_valid(world, data)
    files = replace(world.files, data=data)
    return Hub(files, world.places, world.door, world.today).compiler.spec(name)


def _with_entry(
    world: World, name: str, folder: str, asked: Mapping[str, Any], extra: Mapping[str, object]
) -> bytes:
    from hubctl.config.edit_repositories import add_repository
    from hubctl.fleet.repositories import short_path

    entry: dict[str, object] = {"path": short_path(folder, world.places.home)}
    for key in ("language", "description", "test_command"):
        if asked[key] and asked[key] != _GENERIC:
            entry[key] = asked[key]
    if asked["profiles"]:
        entry["profiles"] = list(asked["profiles"])
    if extra:
        entry["overrides"] = dict(extra)
    return add_repository(world.files.data, name, entry, file=world.files.path)


def _source(world: World, asked: Mapping[str, Any], language: str) -> Source:
    from hubctl import __version__
    from hubctl.cli.context import absolute
    from hubctl.scaffold.sources import Source, shipped_source

    given = asked["template"]
    if not given:
        # A language without a template of its own is no mistake of whoever wrote the profile.
        return shipped_source(asked["language"] or _known(language), world.places, __version__)
    is_folder = "://" not in given and not given.startswith(("git@", "gh:", "gl:", "git+", "~"))
    return Source(url=absolute(given) if is_folder else given)


def _known(language: str) -> str:
    from hubctl.scaffold.sources import LANGUAGES

    return language if language in LANGUAGES else _GENERIC


def _answers(
    world: World, name: str, spec: Mapping[str, Any], asked: Mapping[str, Any]
) -> dict[str, object]:
    """Answers to a template's questions: the hub's own, what it wants of the project, options."""
    from hubctl.system.clock import now

    hub = world.compiler.canonical.document.get("hub") or {}
    answers: dict[str, object] = {"year": now().year}
    answers |= {
        key: value for key, value in (hub.get("answers") or {}).items() if value is not None
    }
    answers |= {key: spec[key] for key in ("description", "test_command") if spec.get(key)}
    answers["project_name"] = name
    if asked["licence"]:
        answers["licence"] = asked["licence"]
    for pair in asked["given"]:
        key, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"--data takes KEY=VALUE, not {pair!r}")
        answers[key] = value
    return answers
