"""git-safety-check: refuses or questions git commands that lose work or history."""

from hooks_shared.context import Context
from hooks_shared.contract import Event, Verdict
from hooks_shared.safety.verdict import verdict


def decide(event: Event, context: Context) -> Verdict | None:
    """Deny or ask where the command breaks a rule of its families; None for everything else."""
    return verdict(event, context, "GIT_FAMILIES")
