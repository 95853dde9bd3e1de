"""config-guard: notes which session changed what hubctl renders, and answers by policy.

A change that already stands on disk (ConfigChange) can only be kept from this session; one that a
tool is about to make can be refused. What hubctl itself writes is nobody's change.
"""

from hooks_shared.context import Context
from hooks_shared.contract import Event, Verdict
from hooks_shared.writes.write import REMOVE, TOUCH, writes_of


def decide(event: Event, context: Context) -> Verdict | None:
    """Note, warn about or refuse a change of what is ours; None for everything else."""
    if event.name == "ConfigChange":
        from hooks_shared.writes.watch import changed

        return changed(event, context)
    writes = [one for one in writes_of(event) if one.placed and one.kind != TOUCH]
    if not writes:
        return None
    from hooks_shared.writes.watch import Case

    case = Case(event, context)
    if event.name != "PostToolUse":
        return case.judge(writes)
    for write in writes:
        case.note_written(write, removed=write.kind == REMOVE)
    return None
