"""Applying a plan to a fleet: lock, recovery, guards, preparation, then the engine's one run."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hubctl.engine.apply import Executor
from hubctl.engine.contain import reason_of
from hubctl.engine.journal import Entry
from hubctl.engine.prepare import Allowed, Records, prepare
from hubctl.engine.rollback import recover
from hubctl.errors import CanonicalError, OperationError
from hubctl.fleet.hub import read_hub
from hubctl.model.finding import Finding, Severity
from hubctl.model.report import Outcome
from hubctl.model.state import REPAIRED, Action
from hubctl.system.clock import journal_id, now
from hubctl.system.lock import writer_lock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager

    from hubctl.engine.operations import Batch
    from hubctl.engine.rollback import Recovered
    from hubctl.fleet.world import World
    from hubctl.model.change import Change, Plan, TargetPlan

RENDERED = frozenset({"secret", "settings", "mcp", "sources", "skills", "hooks", "units"})
LEADS_NOWHERE = frozenset({"sources/not-found", "hooks/unknown"})
DAMAGED = "ledger/damaged"
KILL_SWITCH = "settings/kill-switch"
PRUNE_SHARE = 0.5
PRUNE_FEW = 4
INVALID = CanonicalError.exit_code


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrying:
    """How a plan is carried out.

    Attributes:
        command: for the journal. prune: deletions beyond the hub's limit are allowed.
        baseline: what is foreign now counts as known from here on (apply, not a repair).
    """

    command: str
    prune: bool = False
    baseline: bool = False


def writing(world: World) -> AbstractContextManager[None]:
    """The one writer's lock of this account."""
    return writer_lock(f"{world.places.state}/apply.lock")


def recover_open(world: World) -> tuple[Recovered, ...]:
    """Undo what a crashed run left open, and read the hub as it is then; under the lock."""
    found = recover(world.journal, world.door)
    if found:
        world.read_again()
    return found


def only_repairs(plan: Plan) -> Plan:
    """The same plan, acting on drifted and missing addresses alone."""
    return _map(plan, lambda change: change.status in REPAIRED and not change.excepted)


def only_unexcepted(plan: Plan) -> Plan:
    """The same plan, leaving alone what an exception allows."""
    return _map(plan, lambda change: not change.excepted or change.take)


def _map(plan: Plan, acts: Callable[[Change], bool]) -> Plan:
    targets = tuple(
        replace(
            target,
            changes=tuple(c if acts(c) else replace(c, action=Action.NONE) for c in target.changes),
        )
        for target in plan.targets
    )
    return replace(plan, targets=targets)


def require_sound(plan: Plan) -> None:
    """Refuse a plan that would render something broken, before any work.

    Raises:
        CanonicalError: secrets, names that lead nowhere, settings that the client would drop,
            units that do not work, one repository under two names; all of them ride along.
    """
    found = [f for target in plan.targets for f in target.findings if _is_blocking(f)]
    found += [finding for finding in plan.findings if finding.exit_code == INVALID]
    if found:
        raise CanonicalError(
            "canonical.yaml leads to something that must not be written",
            findings=found,
            hint="nothing was changed; mend them and run the command again",
        )


def _is_blocking(finding: Finding) -> bool:
    """Errors in what is rendered, and names that lead nowhere (a warning while only looking)."""
    if finding.rule in LEADS_NOWHERE:
        return True
    of_rendering = finding.rule.partition("/")[0] in RENDERED
    return of_rendering and finding.severity is Severity.ERROR and finding.rule != KILL_SWITCH


def carry_out(
    world: World,
    plan: Plan,
    carrying: Carrying,
    progress: Callable[[str], None] = lambda _name: None,
) -> tuple[Outcome, ...]:
    """Carry out a plan; under the lock. One outcome for each target that had something to do.

    Raises:
        OperationError: canonical.yaml is not what the plan was made of, or the journal refuses.
    """
    _require_current(world)
    batches: list[Batch] = []
    outcomes: list[Outcome] = []
    for target in plan.targets:
        try:
            batch = _prepare(world, target, carrying)
        except (OperationError, OSError) as error:
            outcomes.append(_refused(target, error))
        else:
            if not batch.is_empty():
                batches.append(batch)
    if batches:
        outcomes += _run(world, batches, carrying, progress)
    return tuple(outcomes)


def without_mended(plan: Plan, outcomes: Iterable[Outcome]) -> Plan:
    """The plan without the damage that carrying it out has mended: ledgers are new now."""
    done = {outcome.target for outcome in outcomes if not outcome.failed}
    targets = tuple(
        replace(t, findings=tuple(f for f in t.findings if f.rule != DAMAGED))
        if t.target in done
        else t
        for t in plan.targets
    )
    return replace(plan, targets=targets)


def _require_current(world: World) -> None:
    """Refuse where canonical.yaml changed meanwhile: another hubctl did it, or recovery."""
    if read_hub(world.files.path, world.door) != world.files:
        raise OperationError(
            f"{world.files.path} changed while hubctl was at work; nothing was applied",
            hint="run the command again",
        )


def _prepare(world: World, plan: TargetPlan, carrying: Carrying) -> Batch:
    target = world.compiler.locate(plan.target).target
    if target is None:
        return _nothing(plan)
    committed, local = world.ledgers(target)
    if not carrying.prune:
        recorded = len(committed.ledger.records) + len(local.ledger.records)
        _refuse_mass_deletion(world, plan, recorded)
    records = Records(
        committed=committed,
        local=local,
        hub=world.hub,
        repository=plan.target,
        seen=plan.foreign if carrying.baseline else None,
    )
    return prepare(plan, target, records, world.door, Allowed(prune=carrying.prune))


def _nothing(plan: TargetPlan) -> Batch:
    from hubctl.engine.operations import Batch

    return Batch(target=plan.target, root=plan.root)


def _refuse_mass_deletion(world: World, plan: TargetPlan, recorded: int) -> None:
    deleted = Counter(c.action for c in plan.changes)[Action.DELETE]
    hub = world.compiler.head.document.get("hub")
    limit = hub.get("prune_limit", PRUNE_SHARE) if isinstance(hub, dict) else PRUNE_SHARE
    if deleted > PRUNE_FEW and deleted > recorded * float(limit):
        raise OperationError(
            f"this would delete {deleted} of the {recorded} things hubctl wrote here",
            hint="look at `hubctl plan` once more; if it is meant, add --prune",
        )


def _run(
    world: World, batches: list[Batch], carrying: Carrying, progress: Callable[[str], None]
) -> Iterable[Outcome]:
    moment = now()
    entry = Entry(
        id=journal_id(moment),
        time=moment.isoformat(timespec="seconds"),
        command=carrying.command,
        batches=tuple(batches),
    )
    names = {name for batch in batches for name in batch.unit_names()}
    executor = Executor(door=world.door, journal=world.journal, units=world.host_units(names))
    return executor.run(entry, progress)


def _refused(target: TargetPlan, error: OperationError | OSError) -> Outcome:
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        error = OperationError(f"{where}{reason_of(error)}", hint="mend that and run it again")
    return Outcome(
        target=target.target,
        failed=len(target.acting()),
        message=f"{error.message}; nothing was written there",
        hint=error.hint,
        exit_code=error.exit_code,
    )
