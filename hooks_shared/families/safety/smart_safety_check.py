"""smart-safety-check: refuses or questions commands that destroy, by what they would do."""

from hooks_shared.context import Context
from hooks_shared.contract import Event, Verdict
from hooks_shared.safety.verdict import verdict


def decide(event: Event, context: Context) -> Verdict | None:
    """Deny or ask where the command breaks a rule of its families; None for everything else."""
    return verdict(event, context, "SMART_FAMILIES")
