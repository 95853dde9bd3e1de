"""The resolved spec of a target: everything canonical.yaml says about it, merged.

defaults → profiles, each after what it extends → the repository → canonical.local.yaml. The result
is plain JSON values and shares nothing that can be changed with the document or another target;
what only reads takes a view, which shares whatever targets have in common.
"""

from __future__ import annotations

from typing import Any

from hubctl.config.hooks import HOST, completed
from hubctl.config.layers import (
    Body,
    Contribution,
    Layer,
    body_layer,
    hooks_layer,
    local_hooks_layer,
    mapping,
    profile_order,
    repository_layers,
)
from hubctl.config.load import LOCAL
from hubctl.config.merge import copy_json, merge
from hubctl.config.sending import sending_layer
from hubctl.config.telemetry import telemetry_layer
from hubctl.config.watching import watching_layer
from hubctl.model.shared import Shared

_EMPTY_INSTRUCTIONS: Body = {"conventions": [], "fragments": [], "text": "", "bridge": "rules"}
_EMPTY: Body = {
    "settings": {},
    "hooks": {},
    "commands": [],
    "skills": [],
    "agents": [],
    "rules": [],
    "output_styles": [],
    "instructions": _EMPTY_INSTRUCTIONS,
    "units": {},
}
_EMPTY_REPOSITORY: Body = {
    **_EMPTY,
    "path": "",
    "enabled": True,
    "commit": True,
    "local": {},
    "mcp": {},
    "gitignore": [],
    "pre_commit": False,
    "ci": "",
}


def target_names(document: Body) -> tuple[str, ...]:
    """`host` where there is anything for it, then the enabled repositories in file order."""
    resolver = Resolver.of(document)
    return ((HOST,) if resolver.has_host() else ()) + resolver.enabled()


def resolve(document: Body, name: str) -> Body:
    """The resolved spec of a repository or of `host`; of an unknown name, that of an empty entry.

    For many targets of one document take one Resolver.
    """
    return Resolver(document).spec(name)


class Resolver:
    """Resolves the targets of one document, and merges what they have in common once."""

    def __init__(self, document: Body) -> None:
        self._document = document
        self._defaults = self._default_layers()
        self._profiles: dict[str, Layer] = {}
        self._own: dict[str, tuple[Layer, ...]] = {}
        self._merged: dict[tuple[str, ...], Body] = {(): lay({}, self._defaults)}
        self._completed: Shared[Body] = Shared()

    @staticmethod
    def of(document: Body) -> Resolver:
        """The resolver of a document, made once: it remembers what it has merged."""
        return _RESOLVERS.get((document,), None, lambda: Resolver(document))

    def spec(self, name: str) -> Body:
        """The resolved spec of one target."""
        return copy_json(self.view(name))  # type: ignore[no-any-return]

    def view(self, name: str) -> Body:
        """The same for somebody who only reads: parts of it belong to the document or to others."""
        return self._host() if name == HOST else self._repository(name)

    def names(self) -> tuple[str, ...]:
        """All repositories in file order."""
        return tuple(mapping(self._document.get("repositories")))

    def enabled(self) -> tuple[str, ...]:
        """The repositories that are not switched off, in file order."""
        return tuple(name for name in self.names() if self._is_enabled(name))

    def layers(self, name: str) -> tuple[Layer, ...]:
        """The layers of a repository, from the bottom up."""
        return (
            *self._defaults,
            *(self._profile(profile) for profile in profile_order(self._document, name)),
            *self._own_layers(name),
        )

    def host_layers(self) -> tuple[Layer, ...]:
        """The layers of the host but for the units of repositories, from the bottom up."""
        return (*self._hook_layers(), *self._host_bodies())

    def has_host(self) -> bool:
        """Whether anything is wanted of the host."""
        bodies = self._host_bodies()
        infrastructure = mapping(self._document.get("infrastructure"))
        at_all = any(
            c.at[0] != "hooks" and c.value for layer in bodies for c in layer.contributions
        )
        if at_all or mapping(infrastructure.get("monitoring")).get("path"):
            return True
        return bool(self._host_hooks()) or bool(self._repository_units())

    # -- repositories ------------------------------------------------------------------------------

    def _repository(self, name: str) -> Body:
        spec = self._merged_repository(name)
        spec = {"name": name, **_with_defaults(_EMPTY_REPOSITORY, spec)}
        return {**spec, "hooks": self._hooks(spec["hooks"])}

    def _hooks(self, hooks: Body) -> Body:
        """Completed hooks; those of the defaults are one value for all who add nothing."""
        return self._completed.get((hooks,), None, lambda: completed(hooks, host=False))

    def _merged_repository(self, name: str) -> Body:
        spec = self._common(profile_order(self._document, name))
        return lay(spec, self._own_layers(name))

    def _own_layers(self, name: str) -> tuple[Layer, ...]:
        if name not in self._own:
            self._own[name] = repository_layers(self._document, name)
        return self._own[name]

    def _common(self, profiles: tuple[str, ...]) -> Body:
        """What the defaults and a list of profiles amount to; every beginning is merged once."""
        known = next(n for n in range(len(profiles), -1, -1) if profiles[:n] in self._merged)
        spec = self._merged[profiles[:known]]
        for end in range(known, len(profiles)):
            spec = lay(spec, (self._profile(profiles[end]),))
            self._merged[profiles[: end + 1]] = spec
        return spec

    def _profile(self, name: str) -> Layer:
        if name not in self._profiles:
            body = mapping(mapping(self._document.get("profiles")).get(name))
            self._profiles[name] = body_layer(body, ("profiles", name))
        return self._profiles[name]

    def _default_layers(self) -> tuple[Layer, ...]:
        return (
            hooks_layer(mapping(self._document.get("global")), ("global",)),
            body_layer(mapping(self._document.get("defaults")), ("defaults",)),
        )

    def _is_enabled(self, name: str) -> bool:
        said = [
            contribution.value
            for layer in self._own_layers(name)
            for contribution in layer.contributions
            if contribution.at == ("enabled",) and contribution.value is not None
        ]
        return said[-1] is not False if said else True

    # -- host --------------------------------------------------------------------------------------

    def units(self) -> Body:
        """The units of the host: its own, and `repository/unit` of every enabled repository.

        Not a copy; for checks that only read.
        """
        own = lay({}, self._host_bodies()).get("units")
        return {**mapping(own), **self._repository_units()}

    def _host(self) -> Body:
        merged = lay({}, self._host_bodies())
        spec = _with_defaults(_EMPTY, {**merged, "units": self.units(), "hooks": {}})
        return {"name": HOST, **spec, "hooks": self._host_hooks()}

    def _host_bodies(self) -> tuple[Layer, ...]:
        top = Contribution(
            at=("units",), source=("units",), value=self._document.get("units") or {}
        )
        local = mapping(mapping(self._document.get(LOCAL)).get("global"))
        return (
            telemetry_layer(self._document),
            sending_layer(self._document),
            watching_layer(self._document),
            _without_hooks(body_layer(mapping(self._document.get("global")), ("global",))),
            Layer(text="units", contributions=(top,)),
            _without_hooks(body_layer(local, (LOCAL, "global"), LOCAL)),
        )

    def _hook_layers(self) -> tuple[Layer, ...]:
        defaults = mapping(self._document.get("defaults"))
        return (
            self._defaults[0],
            hooks_layer(defaults, ("defaults",)),
            local_hooks_layer(self._document),
        )

    def _host_hooks(self) -> Body:
        return completed(mapping(lay({}, self._hook_layers()).get("hooks")), host=True)

    def _repository_units(self) -> Body:
        """Units of all enabled repositories as the host runs them, `repository/unit` → unit."""
        found: Body = {}
        for name in self.enabled():
            if not self._names_units(name):
                continue
            spec = self._merged_repository(name)
            for unit, body in mapping(spec.get("units")).items():
                owner = {"repository": name, "directory": spec.get("path", "")}
                found[f"{name}/{unit}"] = {**mapping(body), **owner}
        return found

    def _names_units(self, name: str) -> bool:
        return any(c.at[0] == "units" for layer in self.layers(name) for c in layer.contributions)


_RESOLVERS: Shared[Resolver] = Shared(most=1)


def lay(spec: Body, layers: tuple[Layer, ...]) -> Body:
    """A spec with layers laid over it; `spec` stays as it is."""
    for layer in layers:
        for contribution in layer.contributions:
            spec = _lay_at(spec, contribution.at, contribution.value, ())
    return spec


def _lay_at(spec: Body, at: tuple[str, ...], value: Any, path: tuple[str, ...]) -> Body:
    key, rest = at[0], at[1:]
    here = (*path, key)
    if rest:
        return {**spec, key: _lay_at(mapping(spec.get(key)), rest, value, here)}
    if value is None:
        return {other: member for other, member in spec.items() if other != key}
    return {**spec, key: merge(spec.get(key), value, here)}


def _with_defaults(empty: Body, spec: Body) -> Body:
    instructions = {**_EMPTY_INSTRUCTIONS, **mapping(spec.get("instructions"))}
    return {**empty, **spec, "instructions": instructions}


def _without_hooks(layer: Layer) -> Layer:
    kept = tuple(c for c in layer.contributions if c.at[0] != "hooks")
    return Layer(text=layer.text, contributions=kept)
