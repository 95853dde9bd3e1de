"""The literal table of hooks: one row per hook that exists. Read by hubctl, never by a hook run.

`apply` compiles the rows that canonical.yaml enables into the registry a run reads.
"""

from hooks_shared import rules
from hooks_shared.compiled import normal_id
from hooks_shared.rows.commands import COMMANDS
from hooks_shared.rows.guarding import GUARDING
from hooks_shared.rows.releasing import RELEASING
from hooks_shared.rows.shape import CLOSED, OPEN, Hook
from hooks_shared.rows.watching import WATCHING
from hooks_shared.rows.working import WORKING

__all__ = ["CLOSED", "HOOKS", "NEVER_ASYNC", "OPEN", "Hook", "find", "rules"]

HOOKS = (*COMMANDS, *GUARDING, *RELEASING, *WORKING, *WATCHING)

# A background process is ended with the session, and `claude -p` ends right after Stop (2.1.197
# then leaves out even SessionEnd); a compaction goes on without it, and what is told at the start
# has to be there: here even an observer is waited for.
NEVER_ASYNC = ("Stop", "SessionEnd", "PreCompact", "SessionStart")
# Names of tools that the client no longer has: answered where one comes, never asked for.
FORMER_TOOLS = ("MultiEdit",)
# These read which files, blocks and fields hubctl renders; `apply` lists them where one is on.
KNOW_WHAT_IS_OURS = ("protected-paths", "config-guard")


def find(name: str) -> Hook | None:
    """The hook that canonical.yaml calls `name`, whatever its case, `_` or `.py`."""
    wanted = normal_id(name)
    return next((hook for hook in HOOKS if hook.id == wanted), None)
