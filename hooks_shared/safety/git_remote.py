"""git push: what it takes away from the branch that others work on."""

from hooks_shared.shell.options import Options
from hooks_shared.shell.values import words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.safety.git import Git

_VALUED = words("-o --push-option --receive-pack --exec --repo")


def judge_push(git: "Git") -> None:
    """Note a forced, deleting or mirroring push; a lease and a rehearsal are fine."""
    options = Options(git.args, _VALUED)
    if options.has("-n", "--dry-run"):
        return
    refs = options.operands[1:]
    if options.has("--mirror"):
        git.hit("git-push-mirror")
    elif options.has("-d", "--delete") or any(_deletes(ref) for ref in refs):
        git.hit("git-push-delete")
    elif any(name in ("--force", "-f", "--forc") for name, _ in options.found) or any(
        ref.startswith("+") for ref in refs
    ):
        git.hit("git-push-force")
    elif options.has("--prune"):
        git.hit("git-push-delete")
    elif options.has("--no-verify"):
        git.hit("git-no-verify")


def _deletes(ref: str) -> bool:
    return (ref.startswith(":") and len(ref) > 1) or ref.startswith("+:")
