"""What repositories share: which profiles say what stands in one already, and what a new one would.

Pure: specs in, names and bodies out.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from hubctl.adopt.difference import LISTS, SAME, VALUES, Spec, additions, common, leaves
from hubctl.config.merge import merge
from hubctl.config.resolve import Resolver

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TRIAL = "adopt-trial"
SHARED = "shared"
_OVERHEAD = 2  # its own lines, and one more for everybody who has it


def spec_with(document: Mapping[str, Any], profiles: Sequence[str]) -> Spec:
    """The resolved spec of a repository that says nothing itself but its profiles."""
    entry = {"profiles": list(profiles)}
    section = {**(document.get("repositories") or {}), TRIAL: entry}
    return Resolver({**document, "repositories": section}).spec(TRIAL)


def fitting_profiles(document: Mapping[str, Any], wanted: Mapping[str, Any]) -> tuple[str, ...]:
    """The profiles all of which stands in a repository already, in file order.

    Each adds something to those before it: the largest first when chosen.
    """
    profiles = document.get("profiles") or {}
    base = frozenset(leaves(_without_name(spec_with(document, ()))))
    there = frozenset(leaves(dict(wanted)))
    gains = {
        name: frozenset(leaves(_without_name(spec_with(document, (name,))))) - base
        for name in profiles
    }
    fitting = {name: gain for name, gain in gains.items() if gain and gain <= there}
    chosen: list[str] = []
    had: frozenset[tuple[str, ...]] = frozenset()
    for name in sorted(fitting, key=lambda name: -len(fitting[name])):
        if not fitting[name] <= had:
            chosen.append(name)
            had |= fitting[name]
    return tuple(name for name in profiles if name in chosen)


def _without_name(spec: Spec) -> Spec:
    return {key: value for key, value in spec.items() if key not in ("name", "path")}


def extracted(
    document: Mapping[str, Any], wanted: Sequence[Mapping[str, Any]], profiles: Sequence[str]
) -> Spec:
    """The body of a profile with what all specs have in common beyond `profiles`; {} if nothing."""
    kept = tuple({k: dict(v) if k in VALUES else v for k, v in one.items()} for one in wanted)
    shared = common(kept)
    if shared is SAME:
        return {}
    base = spec_with(document, profiles)
    raised = {key: base.get(key) for key in (*VALUES, *LISTS, "hooks")}
    for key, value in shared.items():
        raised[key] = merge(base.get(key), value, (key,))
    return additions(base, raised)


def shared_profiles(
    document: Mapping[str, Any], wanted: Sequence[Mapping[str, Any]]
) -> dict[str, Spec]:
    """New profiles for what several specs say alike, where each saves more lines than it takes.

    Things that the very same repositories have go together, so nobody gets what it lacks.
    """
    sets = [frozenset(leaves(dict(one))) for one in wanted]
    groups: Counter[tuple[int, ...]] = Counter()
    for leaf in dict.fromkeys(leaf for one in sets for leaf in sorted(one)):
        groups[tuple(n for n, one in enumerate(sets) if leaf in one)] += 1
    found: dict[str, Spec] = {}
    for members, number in sorted(groups.items(), key=lambda row: (-row[1] * len(row[0]), row[0])):
        if len(members) < 2 or number * (len(members) - 1) <= _OVERHEAD + len(members):
            continue
        known = {**document, "profiles": {**(document.get("profiles") or {}), **found}}
        specs = [wanted[n] for n in members]
        fitting = frozenset.intersection(*(frozenset(fitting_profiles(known, s)) for s in specs))
        body = extracted(known, specs, sorted(fitting))
        if body and _length(body) * (len(members) - 1) > _OVERHEAD + len(members):
            found[_free_name(known)] = body
    return found


def _length(body: Spec) -> int:
    """About how many lines a body takes in canonical.yaml."""
    return sum(bool(line.strip(" ,[]{}")) for line in json.dumps(body, indent=1).splitlines())


def _free_name(document: Mapping[str, Any]) -> str:
    taken = document.get("profiles") or {}
    names = (SHARED, *(f"{SHARED}-{n}" for n in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)
