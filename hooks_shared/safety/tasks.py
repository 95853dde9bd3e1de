"""Tasks of the project, by their names: `make destroy`, `npm run db:drop`.

What a task does stands in a file that is not opened; its name is what the command line says.
"""

from hooks_shared.safety.verbs import HARMLESS_PARTS
from hooks_shared.shell.options import Options
from hooks_shared.shell.values import words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.safety.judge import Judge
    from hooks_shared.shell.state import Call
    from hooks_shared.shell.walk import Shell

_TASK_VERBS = words(
    "destroy nuke wipe purge teardown obliterate drop dropdb undeploy destroy-all drop-all "
    "terraform-destroy tf-destroy"
)
_DATA = words("db database databases prod production data volumes cluster infra stack env")
# Words of package managers behind which names of packages stand.
_OWN_WORDS = words(
    "add install i ci remove uninstall rm un why info view show search outdated update upgrade up "
    "link unlink exec dlx x create init test t pack audit require global config cache version"
)
_OPERANDS = 3


def judge(judge: "Judge", call: "Call", shell: "Shell") -> None:
    """The one entry."""
    options = Options(call.args, ("-C", "-f", "-j", "-w", "--prefix", "--filter"))
    if options.has("-n", "--dry-run", "--just-print", "--help", "--list"):
        return
    operands = options.operands
    if operands[:1] and operands[0] in _OWN_WORDS:
        return
    for operand in operands[:_OPERANDS]:
        if "=" not in operand and is_destroying_task(operand):
            judge.hit("script-destroys", call)
            return


def is_destroying_task(name: str) -> bool:
    """Whether a task's name says that it destroys, and not only in tests."""
    parts = set(name.lower().replace(":", "-").replace("_", "-").replace(".", "-").split("-"))
    if parts & HARMLESS_PARTS:
        return False
    return bool(parts & _TASK_VERBS) or (
        bool(parts & _DATA) and bool(parts & {"reset", "delete", "remove", "clean", "clear", "rm"})
    )
