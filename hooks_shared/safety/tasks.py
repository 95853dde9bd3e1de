"""Tasks of the project, by their names: `make destroy`, `npm run db:drop`.

What a task does stands in a file that is not opened; its name is what the command line says.
"""

from hooks_shared.safety.programs import PROGRAMS
from hooks_shared.safety.verbs import HARMLESS_PARTS, destroys_data
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
# Words of package managers behind which names of packages stand.
_OWN_WORDS = words(
    "add install i ci remove uninstall rm un why info view show search outdated update upgrade up "
    "link unlink exec dlx x create init test t pack audit require global config cache version"
)
_OPERANDS = 3
_PACKAGE_MANAGERS = ("npm", "pnpm", "yarn", "bun", "composer")
_TELLS = words(
    "print show list check describe explain plan docs help lint gen generate make create"
)
_MOST_RECIPES = 64


def judge(judge: "Judge", call: "Call", shell: "Shell") -> None:
    """The one entry."""
    args = call.args[: call.args.index("--")] if "--" in call.args else call.args
    options = Options(args, ("-C", "-f", "-j", "-w", "--prefix", "--filter", "-e"))
    if options.has(
        "-n", "--dry-run", "--just-print", "--help", "--list", "--show", "--dry", "--summary"
    ):
        return
    if call.name in ("make", "gmake"):
        _recipes(call, shell, options.value("-f"))
    operands = options.operands
    if operands[:1] and operands[0] in _OWN_WORDS:
        return
    if call.name in _PACKAGE_MANAGERS:  # one script; what follows is given to it
        runs = operands[:1] in (["run"], ["run-script"])
        if runs and len(operands) > 2 and operands[1] in PROGRAMS:
            shell.start(operands[1:], {}, [], (*call.via, call.name))
        operands = operands[1:2] if runs else operands[:1]
    for operand in operands[:_OPERANDS]:
        if "=" not in operand and is_destroying_task(operand):
            judge.hit("script-destroys", call)
            return


def _recipes(call: "Call", shell: "Shell", file: str) -> None:
    """Recipes of a makefile that the line itself wrote."""
    text = (call.stdin or "") if file == "-" else shell.read(file or "Makefile")
    for line in text.split("\n")[:_MOST_RECIPES]:
        if line.startswith("\t"):
            shell.copy().run_text(line.strip().lstrip("@-+").replace("$$", "$"))


def is_destroying_task(name: str) -> bool:
    """Whether a task's name says that it destroys, and not only in tests."""
    spoken = name.lower().replace(":", "-").replace("_", "-").replace(".", "-").split("-")
    parts = set(spoken)
    if spoken[0] in _TELLS:
        return False
    for part in [one for one in parts if one.endswith("db") and len(one) > 3]:
        parts |= {part[:-2], "db"}  # `resetdb`
    return not parts & HARMLESS_PARTS and (bool(parts & _TASK_VERBS) or destroys_data(parts))
