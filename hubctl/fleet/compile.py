"""Compiling: from the hub's files to rows for every target, once per change of anything they use.

The compiled form lies in the cache as one file: the head with an index, then two JSON lines for
each target (rows; resolved spec), so that a run over one target of a thousand reads little. Its
key covers everything rendering depends on but facts; each target's rows carry the facts they were
rendered with, and other facts mean rendering anew.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from hubctl.engine.ledger_names import HOST_LEDGER
from hubctl.errors import SpecError
from hubctl.fleet.compiled_file import (
    CompiledFile,
    DamagedError,
    cache_place,
    keep_compiled,
    open_compiled,
    raw_of,
)
from hubctl.fleet.head import CompiledTarget, Head, target_from_json
from hubctl.fleet.hub import this_machine
from hubctl.model.address import HOST
from hubctl.system.files import RealFiles

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from hubctl.config.load import Canonical
    from hubctl.config.resolve import Resolver
    from hubctl.fleet.compiled_file import Raw
    from hubctl.fleet.hub import HubFiles
    from hubctl.fleet.rendering import Rendered, Workshop
    from hubctl.fleet.targets import Located
    from hubctl.model.finding import Finding, Location
    from hubctl.model.item import Item
    from hubctl.model.target import Machine
    from hubctl.system.places import Places
    from hubctl.system.real_paths import RealPaths
    from hubctl.system.sources import Sources

T = TypeVar("T")

_LEAST = 32  # targets to compile that are worth a process


class Compiler:
    """Compiled targets of one hub, from the cache where it holds, rendered where it does not.

    Raises CanonicalError from any member when canonical.yaml has errors.
    """

    def __init__(self, files: HubFiles, places: Places, paths: RealPaths) -> None:
        self._files = files
        self._places = places
        self._paths = paths
        self._located: dict[str, Located] = {}
        self.cache = cache_place(files, places)
        self._cached: CompiledFile | None = open_compiled(self.cache)
        self._renewed: dict[str, CompiledTarget] = {}
        self._last_spec: tuple[str, Mapping[str, Any]] = ("", {})
        self._last_rendered: tuple[str, Rendered] | None = None

    @cached_property
    def canonical(self) -> Canonical:
        """canonical.yaml with the place of everything; parsed only when somebody asks."""
        return self._checked[0]

    @cached_property
    def _checked(self) -> tuple[Canonical, tuple[Finding, ...]]:
        from hubctl.fleet.canonical import checked_canonical

        return checked_canonical(self._files, self._sources)

    @cached_property
    def _sources(self) -> Sources:
        from hubctl.system.data import data_folder
        from hubctl.system.sources import Sources

        return Sources(self._files.folder, data_folder("templates"))

    @cached_property
    def head(self) -> Head:
        """The hub as a whole; of this account too as long as things are recorded of it."""
        head = self._head
        if HOST in head.names or not self._is_host_recorded():
            return head
        return replace(head, names=(HOST, *head.names))

    def _is_host_recorded(self) -> bool:
        path = f"{self._places.hub_state(self._head.hub)}/{HOST_LEDGER}"
        try:
            return RealFiles().look(path) is not None
        except OSError:
            return False  # whoever reads the ledger tells why

    @cached_property
    def _head(self) -> Head:
        """The hub as canonical.yaml alone has it."""
        if self._cached is not None:
            return self._cached.head
        from hubctl.config.resolve import target_names
        from hubctl.fleet.canonical import head_of

        canonical, findings = self._checked
        names = target_names(canonical.document)
        return head_of(canonical, findings, self._files, names, self._places)

    @cached_property
    def machine(self) -> Machine:
        """This machine, as renderers may know it."""
        return this_machine(self.head.hub, self._files.folder, self._places)

    @cached_property
    def _workshop(self) -> Workshop:
        from hubctl.check.rendered import RenderedCheck, load_with
        from hubctl.fleet.rendering import Workshop
        from hubctl.system.data import read_data

        check = RenderedCheck(load_with(read_data))
        return Workshop(machine=self.machine, sources=self._sources, check=check)

    def compile_all(self) -> None:
        """Compile every target and keep the result in the cache, where one can be written."""
        if self._cached is None:
            from hubctl.system.parallel import spread

            names = self._head.names
            # One here, so that every process starts with all that rendering loads.
            found = [self._render_raw(name) for name in names[:1]]
            found += spread(names[1:], self._render_raw, least=_LEAST)
            targets = dict(zip(names, found, strict=True))
            self._cached = keep_compiled(self.cache, self._head, targets)

    def _render_raw(self, name: str) -> Raw:
        return raw_of(self._render_row(name))

    def awaits(self, names: Collection[str]) -> bool:
        """Whether nothing is compiled yet, and looking at these targets would compile everything.

        Then whoever looks at them anyway does both at once, and hands what `raw` gives to `keep`.
        """
        return self._cached is None and bool(names) and set(self._head.names) <= set(names)

    def raw(self, name: str) -> Raw:
        """A target as it is to stand in the cache."""
        found = raw_of(self.compiled(name))
        self._renewed.pop(name, None)
        return found

    def keep(self, targets: Mapping[str, Raw]) -> None:
        """Keep all targets, compiled while they were looked at."""
        self._cached = keep_compiled(self.cache, self._head, targets)

    def save(self) -> None:
        """Keep in the cache what was rendered anew, because facts are not what they were."""
        if not self._renewed:
            return
        renewed = {name: raw_of(target) for name, target in self._renewed.items()}
        targets = {name: renewed.get(name) or self._raw(name) for name in self._head.names}
        self._renewed = {}
        self._cached = keep_compiled(self.cache, self._head, targets)

    def _raw(self, name: str) -> Raw:
        return self._from_cache(name, CompiledFile.raw) or self._render_raw(name)

    def locate(self, name: str) -> Located:
        """The target on this machine, looked at once per run."""
        found = self._located.get(name)
        if found is None:
            found = self._located[name] = self._locate(name)
        return found

    def relocate(self, name: str, root: str) -> None:
        """Take the checkout at `root` for this repository (CI, another worktree)."""
        from hubctl.fleet.targets import locate_repository

        self._last_rendered = None
        self._located[name] = locate_repository(
            name, root, self.machine, self.head.follow, self._paths
        )

    def _locate(self, name: str) -> Located:
        from hubctl.fleet.targets import locate_host, locate_repository

        if name == HOST:
            return locate_host(self.machine, self._monitoring(), self._paths)
        cached = self._cached if self._cached and self._cached.has(name) else None
        path = cached.path(name) if cached else self._path(name)
        return locate_repository(name, path, self.machine, self.head.follow, self._paths)

    def _monitoring(self) -> str:
        """The absolute folder of `infrastructure.monitoring`, "" for none."""
        from hubctl.config.layers import mapping
        from hubctl.fleet.canonical import expanded_path

        section = mapping(mapping(self.head.document.get("infrastructure")).get("monitoring"))
        written = section.get("path")
        return expanded_path(written, self._files, self._places) if written else ""

    def _path(self, name: str) -> str:
        from hubctl.fleet.canonical import expanded_path

        written = self.spec(name).get("path")
        return expanded_path(written, self._files, self._places) if written else ""

    def spec(self, name: str) -> Mapping[str, Any]:
        """The resolved spec of a target, to be read only."""
        if self._last_spec[0] != name:
            spec = self._from_cache(name, CompiledFile.spec)
            self._last_spec = (name, self._resolver.view(name) if spec is None else spec)
        return self._last_spec[1]

    def _from_cache(self, name: str, part: Callable[[CompiledFile, str], T]) -> T | None:
        """A part of a compiled target; None without a cache. A damaged one is dropped."""
        try:
            known = self._cached is not None and self._cached.has(name)
            return part(self._cached, name) if self._cached and known else None
        except DamagedError:
            self._cached = None
            return None

    @cached_property
    def _resolver(self) -> Resolver:
        from hubctl.config.resolve import Resolver

        return Resolver.of(self.canonical.document)

    def compiled(self, name: str) -> CompiledTarget:
        """Rows and findings of a target, as its facts are now."""
        from hubctl.fleet.targets import facts_to_json

        found = self._renewed.get(name)
        if found is None:
            row = self._from_cache(name, CompiledFile.row)
            found = None if row is None else target_from_json(name, row)
        if found is None or found.facts != tuple(facts_to_json(self.locate(name).facts)):
            found = self._renewed[name] = self._render_row(name)
        return found

    def _render_row(self, name: str) -> CompiledTarget:
        from hubctl.engine.rows import rows_of
        from hubctl.fleet.targets import facts_to_json

        located = self.locate(name)
        spec = self.spec(name)
        rendered = self._rendered(name)
        return CompiledTarget(
            name=name,
            path=self._path(name) if name != HOST else "",
            spec=spec,
            facts=tuple(facts_to_json(located.facts)),
            rows=rows_of(rendered.items),
            findings=rendered.findings,
        )

    def _rendered(self, name: str) -> Rendered:
        if self._last_rendered is None or self._last_rendered[0] != name:
            self._last_rendered = (name, self._render(name))
        return self._last_rendered[1]

    def _render(self, name: str) -> Rendered:
        spec = self._host_spec() if name == HOST else self.spec(name)
        try:
            return self._workshop.render(self.head, name, spec, self.locate(name))
        except SpecError as error:
            from hubctl.fleet.canonical import unrenderable

            raise unrenderable(error, self.decided_by(name, error.spec)) from error

    def _host_spec(self) -> Mapping[str, Any]:
        """The host's spec with the folders that units of repositories have on this machine."""
        spec = self.spec(HOST)
        units = spec.get("units") or {}
        return {**spec, "units": {key: self._placed(unit) for key, unit in units.items()}}

    def _placed(self, unit: Mapping[str, Any]) -> Mapping[str, Any]:
        repository = unit.get("repository")
        return {**unit, "directory": self._path(repository)} if repository else unit

    def items(self, name: str) -> dict[str, Item]:
        """Rendered values of a target by local address."""
        return {item.address.local: item for item in self._rendered(name).items}

    def decided_by(self, name: str, spec: tuple[str, ...]) -> Location | None:
        """The line of canonical.yaml that decides a part of a target's spec."""
        from hubctl.config.trace import decided_by

        return decided_by(self.canonical, name, spec) if spec else None
