"""Repairing drift on a branch: one commit per repository, beside everybody's checkout.

Compares what is committed, not what stands in the working copy. One branch per repository, used
again; what is in order already makes no commit, no push and no request.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from hubctl.engine.ledgers import LOCK
from hubctl.engine.prepare import Allowed, Records, prepare
from hubctl.errors import OperationError
from hubctl.fleet.apply import only_repairs, require_sound
from hubctl.fleet.world import Request, World
from hubctl.model.address import HOST
from hubctl.model.change import Plan
from hubctl.model.state import Scope
from hubctl.system.git_branch import (
    FileChange,
    RefusedError,
    commit,
    materialize,
    push,
    request,
    worktree,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubctl.engine.operations import Batch
    from hubctl.model.change import Change
    from hubctl.model.target import Target
    from hubctl.system.git_branch import Worktree

COMMITTED: Final = frozenset({Scope.COMMITTED})
_FACTS: Final = ("CLAUDE.md", ".claude/CLAUDE.md", "CLAUDE.local.md", "AGENTS.md", LOCK)
_EXECUTABLE: Final = 0o111
SUBJECT: Final = "Restore what hubctl manages"


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """What became of one repository.

    `state` is `committed`, `clean` (nothing to repair in what is committed), `refused` or
    `failed`; `request` the address of the request, if there is one.
    """

    target: str
    branch: str
    state: str
    commit: str = ""
    changes: tuple[str, ...] = ()
    pushed: bool = False
    request: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for: the name of the branch, and how far it goes."""

    branch: str
    push: bool = False
    request: bool = False


def repair_on_branches(world: World, names: Iterable[str], asked: Asked) -> tuple[Branch, ...]:
    """Repair the committed part of repositories on a branch each; the host has none."""
    return tuple(_repair(world, name, asked) for name in names if name != HOST)


def _repair(world: World, name: str, asked: Asked) -> Branch:
    target = world.compiler.locate(name).target
    if target is None:
        message = "it is not on this machine"
        return Branch(target=name, branch=asked.branch, state="refused", message=message)
    done = Branch(target=name, branch=asked.branch, state="clean")
    try:
        with worktree(target.root, asked.branch) as tree:
            done = _committed(world, name, tree, done)
            exists = bool(tree.tip) or done.state == "committed"
        return _published(target.root, done, asked) if exists else done
    except RefusedError as error:
        return replace(done, state=_refused(done), message=error.message)
    except OperationError as error:
        return replace(done, state="failed", message=error.message)


def _refused(done: Branch) -> str:
    """A commit stays one, whatever became of it afterwards."""
    return done.state if done.state == "committed" else "refused"


def _committed(world: World, name: str, tree: Worktree, done: Branch) -> Branch:
    there = World(world.files, world.places, world.door, world.today)
    rows = there.compiler.compiled(name).rows
    committed, _ = world.ledgers(_target(world, name))
    paths = {row.path for row in rows if row.committed}
    paths |= {local.partition("#")[0] for local in committed.ledger.records}
    materialize(tree, frozenset((*paths, *_FACTS)))
    there.compiler.relocate(name, tree.root)
    plan = there.plan_one(name, Request(scopes=COMMITTED))
    whole = only_repairs(Plan(hub=world.hub, canonical="", revision="", targets=(plan,)))
    require_sound(whole)
    repairs = whole.targets[0]
    acting = repairs.acting()
    if not acting:
        return done
    target = _target(there, name)
    lock, local = there.ledgers(target)
    records = Records(committed=lock, local=local, hub=world.hub, repository=name)
    batch = prepare(repairs, target, records, world.door, Allowed())
    made = commit(tree, tuple(_files(batch, tree.root)), message_of(acting))
    found = tuple(f"{change.address}: {change.status.value}" for change in acting)
    return replace(done, state="committed", commit=made, changes=found)


def _target(world: World, name: str) -> Target:
    target = world.compiler.locate(name).target
    if target is None:
        raise OperationError(f"{name} is not on this machine")
    return target


def _files(batch: Batch, root: str) -> Iterable[FileChange]:
    """The files of a batch that lie in the worktree; ledgers of this account stay out of it."""
    for operation in batch.ordered():
        inside = operation.path.startswith(f"{root}/")
        if (
            inside
            and operation.after.kind in ("file", "absent")
            and operation.before.kind != "folder"
        ):
            yield FileChange(
                path=operation.path[len(root) + 1 :],
                data=operation.after.data if operation.after.kind == "file" else None,
                executable=bool(operation.after.mode & _EXECUTABLE),
            )


def message_of(changes: Iterable[Change]) -> str:
    """The message of a commit: every finding on a line, never a value."""
    rows = [f"- {c.address.local}: {c.status.value}: {c.reason}" for c in changes]
    return f"{SUBJECT}\n\n" + "\n".join(rows) + "\n"


def _published(root: str, done: Branch, asked: Asked) -> Branch:
    if not asked.push and not asked.request:
        return done
    try:
        done = replace(done, pushed=push(root, asked.branch))
        if asked.request:
            body = "\n".join(f"- {line}" for line in done.changes) or SUBJECT
            url, _ = request(root, asked.branch, SUBJECT, body, fresh=done.pushed)
            done = replace(done, request=url)
    except RefusedError as error:
        return replace(done, state=_refused(done), message=error.message)
    except OperationError as error:
        return replace(done, state="failed", message=error.message)
    return done
