"""Adopting: from readings of repositories to a new canonical.yaml, proved before anybody sees it.

Every proposal is compiled and planned as if it were written. What would not be in sync at once is
taken out of the proposal again and stays unmanaged; what defaults would bring is held back. So a
proposal that is returned changes nothing in any repository.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from hubctl.adopt.difference import LISTS, overrides
from hubctl.adopt.holding import held_back
from hubctl.adopt.matching import matching_names
from hubctl.adopt.narrowing import without, without_place
from hubctl.adopt.reading import findings_of, read_repository
from hubctl.adopt.sharing import extracted, fitting_profiles, shared_profiles, spec_with
from hubctl.adopt.trial import trial_plan, with_data
from hubctl.check.settings_lint import client_of
from hubctl.config.edit import set_value
from hubctl.config.edit_repositories import add_repository
from hubctl.config.hooks import LOCAL, PROJECT
from hubctl.config.merge import merge, unite
from hubctl.engine.ledgers import read_lock
from hubctl.errors import CanonicalError, ConflictError, UsageError
from hubctl.fleet.apply import LEADS_NOWHERE, RENDERED
from hubctl.fleet.canonical import check, loaded
from hubctl.fleet.repositories import new_entry
from hubctl.fleet.targets import locate_repository
from hubctl.model.address import parse_address
from hubctl.model.finding import Severity
from hubctl.model.state import Action, Status
from hubctl.system.data import data_folder
from hubctl.system.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hubctl.adopt.reading import Reading
    from hubctl.fleet.world import World
    from hubctl.model.change import Change, TargetPlan
    from hubctl.model.finding import Finding
    from hubctl.model.target import Target

ROUNDS = 12
EXCLUDE = ".git/info/exclude"


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """One repository on its way into the hub.

    Attributes:
        name: in canonical.yaml. entry: what it says beside its overrides; {} of one that is there.
        reading: what stands in it. known: addresses that were not in sync before (of one that is
            there already), which adopting leaves alone.
    """

    name: str
    entry: Mapping[str, Any]
    reading: Reading
    known: frozenset[str] = frozenset()
    names: Mapping[str, list[str]] = field(default_factory=dict)

    def wanted(self) -> dict[str, Any]:
        """What its resolved spec has to be."""
        sections = {
            section: {key: value for key, value in content.items() if key != "hooks"}
            for section, content in self.reading.sections.items()
        }
        return {**sections, **self.names, "hooks": handlers_of(self.reading.sections)}


def handlers_of(sections: Mapping[str, Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The handlers of both settings files in the form of a resolved spec."""
    found: dict[str, list[dict[str, Any]]] = {}
    for section, scope in (("settings", PROJECT), ("local", LOCAL)):
        for event, groups in sections[section].get("hooks", {}).items():
            found.setdefault(event, []).extend(
                {"handler": entry, "matcher": group.get("matcher", ""), "scope": scope}
                for group in groups
                for entry in group["hooks"]
            )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A new canonical.yaml that changes nothing but ledgers.

    Attributes:
        data: its bytes. newcomers: who joins. plans: what is to be recorded, by name.
        findings: what is told about the repositories. profile: the one that was made, "" if none.
        world: the hub as it will be.
    """

    data: bytes
    newcomers: tuple[Newcomer, ...]
    plans: tuple[TargetPlan, ...]
    findings: tuple[Finding, ...]
    profile: str
    world: World


def propose(
    world: World,
    paths: Sequence[str],
    names: Mapping[str, str] | None = None,
    profile: str = "",
    *,
    share: bool = False,
) -> Proposal:
    """Propose how the repositories at `paths` (absolute) join the hub.

    Args:
        world: the hub as it is.
        paths: folders.
        names: path → name, of those that are not to be called like their folder.
        profile: the profile that all of them get; a new one says what they have in common.
        share: make new profiles wherever several say the same.

    Raises:
        UsageError: no such folder, a name that is taken, one name for several.
        CanonicalError: canonical.yaml cannot say it; the findings tell why.
        ConflictError: something of it could not be proved to change nothing.
    """
    called = names or {}
    newcomers = [_newcomer(world, path, called.get(path)) for path in dict.fromkeys(paths)]
    twice = {n.name for n in newcomers if sum(m.name == n.name for m in newcomers) > 1}
    if twice:
        raise UsageError(
            f"two of the folders would be called {min(twice)!r}", hint="adopt one of them by --name"
        )
    for _ in range(ROUNDS):
        data = edited(world, newcomers, profile, share=share)
        trial = with_data(world, data)
        narrowed = _after_checks(trial, newcomers) or _after_plans(trial, newcomers)
        if narrowed is None:
            return _proposal(trial, data, newcomers, profile)
        newcomers = narrowed
    raise ConflictError(
        "no canonical.yaml was found that leaves these repositories as they are",
        hint="adopt them one by one; `hubctl repos add` adds one without its settings",
    )


def _proposal(trial: World, data: bytes, newcomers: Sequence[Newcomer], profile: str) -> Proposal:
    findings = [finding for n in newcomers for finding in findings_of(n.reading)]
    findings += [f for n in newcomers if n.entry for f in held_back(trial, n.name)]
    return Proposal(
        data=data,
        newcomers=tuple(newcomers),
        plans=tuple(trial_plan(trial, n.name) for n in newcomers),
        findings=tuple(findings),
        profile=profile,
        world=trial,
    )


# -- who ------------------------------------------------------------------------------------------


def _newcomer(world: World, path: str, name: str | None) -> Newcomer:
    root = os.path.realpath(path)
    if root == os.path.realpath(world.places.home):
        raise UsageError(
            f"{path} is your home folder", hint="it is the target `host`; see `global` in the docs"
        )
    chosen, entry = new_entry(path, name, world.places.home, None, None, ())
    del_language = {key: value for key, value in entry.items() if key != "language"}
    there = _named(world, root)
    if there and name not in (None, there):
        raise UsageError(f"{path} is the repository {there!r} already", hint="leave out --name")
    if not there and chosen in world.compiler.head.names:
        raise UsageError(f"the name {chosen!r} is taken", hint="choose another one with --name")
    chosen = there or chosen
    reading = _read(world, chosen, root)
    if not there:
        return Newcomer(name=chosen, entry=del_language, reading=reading)
    before = trial_plan(world, chosen)
    known = frozenset(str(change.address) for change in before.changes)
    return Newcomer(name=chosen, entry={}, reading=reading, known=known)


def _named(world: World, root: str) -> str:
    """The repository of this hub that lies there, "" if none does."""
    for name in world.compiler.head.names:
        target = world.compiler.locate(name).target
        if target is not None and not target.is_host and target.root == root:
            return name
    return ""


def _read(world: World, name: str, root: str) -> Reading:
    head = world.compiler.head
    located = locate_repository(name, root, world.compiler.machine, head.follow, world.paths)
    if located.target is None:
        message = located.finding.message if located.finding else f"there is no folder {root}"
        raise UsageError(message)
    other = _other_hub(world, located.target)
    if other:
        raise ConflictError(
            f"the hub {other!r} manages {root}",
            hint="let it go there first: `hubctl repos list` names it, `repos remove` lets it go",
        )
    client = client_of(head.document)
    return read_repository(located.target, world.door, world.places.home, client)


def manager_of(world: World, path: str) -> str:
    """The other hub that manages the repository at a path, "" for none."""
    follow = world.compiler.head.follow
    located = locate_repository("x", path, world.compiler.machine, follow, world.paths)
    return "" if located.target is None else _other_hub(world, located.target)


def _other_hub(world: World, target: Target) -> str:
    hub = read_lock(world.door, target).ledger.hub
    return "" if hub == world.hub else hub


# -- canonical.yaml -------------------------------------------------------------------------------


def edited(
    world: World, newcomers: Sequence[Newcomer], profile: str, *, share: bool = False
) -> bytes:
    """canonical.yaml with the newcomers; the ones that are there get more overrides."""
    document: dict[str, Any] = dict(world.compiler.canonical.document)
    data, file = world.files.data, world.files.path
    made = shared_profiles(document, [n.wanted() for n in newcomers]) if share else {}
    for name, body in made.items():
        data = set_value(data, ("profiles", name), body, file=file)
    document["profiles"] = {**(document.get("profiles") or {}), **made}
    if profile and profile not in (document.get("profiles") or {}):
        wanted = [n.wanted() for n in newcomers]
        shared = frozenset.intersection(*(frozenset(fitting_profiles(document, w)) for w in wanted))
        body = extracted(document, wanted, sorted(shared))
        if not body:
            raise UsageError(f"they have nothing in common that a profile {profile!r} could say")
        document["profiles"] = {**(document.get("profiles") or {}), profile: body}
        data = set_value(data, ("profiles", profile), body, file=file)
    for newcomer in newcomers:
        if newcomer.entry:
            data = _added(document, data, file, newcomer, profile)
        else:
            data = _extended(world, document, data, newcomer)
    return data


def _added(
    document: dict[str, Any], data: bytes, file: str, newcomer: Newcomer, profile: str
) -> bytes:
    profiles = [p for p in fitting_profiles(document, newcomer.wanted()) if p != profile]
    chosen = [*profiles, profile] if profile else profiles
    base = spec_with(document, chosen)
    own = overrides(base, newcomer.wanted())
    entry = {**newcomer.entry}
    if chosen:
        entry["profiles"] = chosen
    if own:
        entry["overrides"] = own
    return add_repository(data, newcomer.name, entry, file=file)


def _extended(world: World, document: dict[str, Any], data: bytes, newcomer: Newcomer) -> bytes:
    """What stands in a repository of this hub and is not said yet; nothing is taken back."""
    spec = dict(world.compiler.spec(newcomer.name))
    raised = dict(spec)
    for key, value in newcomer.wanted().items():
        raised[key] = _raised(spec.get(key), value, key)
    own = {
        key: value
        for key, value in overrides(spec, raised).items()
        if value is not None  # what is kept out of others is wanted here
    }
    if not own:
        return data
    entry = (document.get("repositories") or {}).get(newcomer.name) or {}
    merged = merge(entry.get("overrides") or {}, own, ("overrides",))
    path = ("repositories", newcomer.name, "overrides")
    return set_value(data, path, merged, file=world.files.path)


def _raised(said: Any, found: Any, key: str) -> Any:
    """What is said, and from what was found only what nothing is said about."""
    if key == "hooks":
        return {
            event: unite((said or {}).get(event, ()), (found or {}).get(event, ()), (key, event))
            for event in {**(said or {}), **found}
        }
    if key in LISTS:
        return [*(said or ()), *(name for name in found if name not in (said or ()))]
    return _filled(said or {}, found)


def _filled(said: dict[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    filled = dict(said)
    for key, value in found.items():
        if key not in said:
            filled[key] = value
        elif isinstance(value, dict) and isinstance(said[key], dict):
            filled[key] = _filled(said[key], value)
        elif isinstance(value, list) and isinstance(said[key], list) and _scalars(value):
            filled[key] = [*said[key], *(item for item in value if item not in said[key])]
    return filled


def _scalars(values: list[Any]) -> bool:
    return not any(isinstance(value, (dict, list)) for value in values)


# -- proving --------------------------------------------------------------------------------------


def _after_checks(trial: World, newcomers: Sequence[Newcomer]) -> list[Newcomer] | None:
    """The newcomers without what canonical.yaml may not say; None where it may say all of it."""
    sources = Sources(trial.files.folder, data_folder("templates"))
    found = check(loaded(trial.files), trial.files, sources)
    errors = [finding for finding in found if finding.severity is Severity.ERROR]
    if not errors:
        return None
    kept = list(newcomers)
    for error in errors:
        for index, newcomer in enumerate(kept):
            reading = without_place(newcomer.reading, error.path, error.message)
            if reading is not None:
                kept[index] = replace(newcomer, reading=reading)
    if kept == list(newcomers):
        raise CanonicalError(
            "canonical.yaml would not be valid with these repositories; nothing was written",
            findings=[replace(finding, location=None) for finding in errors],
        )
    return kept


def _after_plans(trial: World, newcomers: Sequence[Newcomer]) -> list[Newcomer] | None:
    kept = [_after_plan(trial, newcomer) for newcomer in newcomers]
    return (
        None
        if all(one is None for one in kept)
        else [one or newcomer for one, newcomer in zip(kept, newcomers, strict=True)]
    )


def _after_plan(trial: World, newcomer: Newcomer) -> Newcomer | None:
    """The newcomer without what would not be in sync, or would stop an apply; None if all is."""
    sources = Sources(trial.files.folder, data_folder("templates"))
    spec = trial.compiler.spec(newcomer.name)
    names = matching_names(newcomer.reading, sources, {key: spec.get(key, ()) for key in LISTS})
    if not newcomer.names and any(names.values()):
        return replace(newcomer, names=names)
    plan = trial_plan(trial, newcomer.name)
    told = [(str(c.address), c.reason or c.status.value) for c in _unsettled(plan, newcomer)]
    told += [(f.address, f.message) for f in _stopping(plan.findings) if f.address]
    kept = newcomer
    for address, reason in told:
        kept = _without(kept, address, reason)
    if kept == newcomer and told:
        raise ConflictError(
            f"{told[0][0]}: {told[0][1]}",
            hint="canonical.yaml would change this repository; settle that first",
        )
    return kept if told else None


def _unsettled(plan: TargetPlan, newcomer: Newcomer) -> Iterable[Change]:
    for change in plan.changes:
        settled = change.action is Action.ADOPT or change.status is Status.SHADOWED
        settled = settled or (change.address.path == EXCLUDE and not newcomer.entry)
        if not settled and str(change.address) not in newcomer.known:
            yield change


def _stopping(findings: Iterable[Finding]) -> Iterable[Finding]:
    """Findings for which `apply` would refuse the whole hub."""
    for finding in findings:
        family = finding.rule.partition("/")[0]
        if finding.rule in LEADS_NOWHERE or (
            family in RENDERED and finding.severity is Severity.ERROR
        ):
            yield finding


def _without(newcomer: Newcomer, address: str, reason: str) -> Newcomer:
    parsed = parse_address(address)
    reading = without(newcomer.reading, parsed, reason)
    if reading is not None:
        return replace(newcomer, reading=reading)
    kind = parsed.path.removeprefix(".claude/").partition("/")[0].replace("-", "_")
    if kind in newcomer.names:
        return replace(newcomer, names={**newcomer.names, kind: []})
    return newcomer
