"""A program whose name the line does not say: judged by what it is given.

Owns `$CMD …` and `$(…) …`; a known last name, as in `$DIR/bin/tool`, is a program like others.
"""

from hooks_shared.safety.paths import HOME, OPEN_ROOT, PROJECT, ROOT, SYSTEM
from hooks_shared.shell.options import Options
from hooks_shared.shell.values import ANY, DECODED, FETCHED, STAR, has_open, is_open, last_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.safety.judge import Judge
    from hooks_shared.shell.state import Call
    from hooks_shared.shell.walk import Shell


def judge(judge: "Judge", call: "Call", shell: "Shell") -> None:
    """Ask where an unknown program gets what a destroyer would get."""
    program = call.argv[0]
    if program.startswith("/etc/init.d/"):
        shell.start(["service", call.name, *call.args], {}, [], call.via)
    elif FETCHED in program:
        judge.hit("run-fetched", call)
    elif DECODED in program:
        judge.hit("run-decoded", call)
    elif not has_open(last_name(program)) and not _is_glob(program):
        return
    elif (is_open(program) or _is_glob(program)) and _is_armed(judge, call):
        judge.hit("run-unknown", call)


def _is_glob(program: str) -> bool:
    """`/bin/r*`: a program's name that the files of this machine complete."""
    return STAR in program or ANY in program


def _is_armed(judge: "Judge", call: "Call") -> bool:
    options = Options(call.args)
    forced = options.has("-f", "--force", "-r", "-R", "--recursive", "-delete")
    kinds = {judge.place(one, call).kind for one in options.operands}
    return bool(kinds & {ROOT, SYSTEM, HOME, OPEN_ROOT}) or (forced and bool(kinds))


__all__ = ["PROJECT", "judge"]
