"""From a name in canonical.yaml to a Target on this machine, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hubctl.fleet.facts import look_at
from hubctl.model.address import HOST
from hubctl.model.finding import Finding, Location, Severity
from hubctl.model.target import MONITORING, Facts, Instructions, Target
from hubctl.system import git
from hubctl.system.hooks_package import places as hook_places
from hubctl.system.recording import RecordingFiles
from hubctl.system.states import Recording

if TYPE_CHECKING:
    from hubctl.model.target import Machine
    from hubctl.system.files import Files
    from hubctl.system.real_paths import RealPaths


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """A target and its facts, or the finding that says why it is not here.

    `seen` is what was looked at to find out.
    """

    target: Target | None
    facts: Facts = field(default_factory=Facts)
    finding: Finding | None = None
    seen: Recording = field(default_factory=Recording)


def locate_host(machine: Machine, monitoring: str, paths: RealPaths) -> Located:
    """This user account, with the folder at `monitoring` ("" for none) where that is here."""
    door = RecordingFiles(paths)
    roots = {
        ".claude/": machine.config_dir,
        ".config/systemd/user/": machine.unit_dir,
        "Library/LaunchAgents/": machine.agents_dir,
        "@state/": hook_places.host_folder(machine.registry_dir),
    }
    folder = door.resolve(monitoring) if monitoring else ""
    found = bool(folder) and _is_folder(folder, door)
    if found:
        roots[MONITORING] = folder
    return Located(
        target=Target(name=HOST, root=machine.home, roots=roots),
        facts=Facts(git=False, monitoring=found),
        seen=door.seen,
    )


def locate_repository(
    name: str, path: str, machine: Machine, follow: tuple[str, ...], paths: RealPaths
) -> Located:
    """The repository whose expanded path is `path` ("" where this machine has none)."""
    if not path:
        return Located(target=None, finding=_elsewhere(name))
    door = RecordingFiles(paths)
    root = door.resolve(path)
    if not _is_folder(root, door):
        return Located(target=None, finding=_missing(name, path))
    facts = git.inspect(root, door, door)
    common_dir = facts.common_dir if facts else ""
    key = hook_places.repository_key(root, common_dir)
    roots = {"@state/": hook_places.repository_folder(machine.registry_dir, key)}
    if facts is not None:
        roots[".git/"] = common_dir
    target = Target(name=name, root=root, roots=roots, common_dir=common_dir, follow=follow)
    return Located(target=target, facts=look_at(root, facts, door), seen=door.seen)


def _is_folder(path: str, door: Files) -> bool:
    try:
        look = door.look(path)
    except OSError:
        return False
    return look is not None and look.kind == "folder"


def facts_to_json(facts: Facts) -> list[Any]:
    """Facts as a JSON list, to be compared with those of another moment.

    Nothing and a CLAUDE.md lead to the same place, and ours makes one of the other.
    """
    place = facts.instructions
    alike = Instructions.CLAUDE if place is Instructions.NONE else place
    return [facts.git, facts.linked_worktree, alike.value, facts.monitoring]


def _elsewhere(name: str) -> Finding:
    return Finding(
        rule="fleet/not-here",
        severity=Severity.NOTE,
        message=f"{name} has no path on this machine",
        address=f"{name}:.",
        hint=f"give it one in canonical.local.yaml: repositories: {{{name}: ~/src/{name}}}",
    )


def _missing(name: str, path: str) -> Finding:
    return Finding(
        rule="fleet/missing-repository",
        severity=Severity.WARNING,
        message=f"the repository {name} is not at {path}",
        location=Location(file=path),
        address=f"{name}:.",
        hint=f"clone it there, change its path, or `hubctl repos remove {name}`",
        exit_code=1,
    )
