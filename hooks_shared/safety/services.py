"""Command lines of services: containers, clusters, infrastructure, clouds, registries.

One table: program, the words of its subcommand, options that make it dangerous or harmless, rule.
"""

from hooks_shared.safety.match import fits_glob
from hooks_shared.safety.service_options import ALIASES, VALUED
from hooks_shared.safety.service_rows import ROWS
from hooks_shared.shell.options import Options
from hooks_shared.shell.values import words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.safety.judge import Judge
    from hooks_shared.shell.state import Call
    from hooks_shared.shell.walk import Shell

_REHEARSALS = words("--dry-run --dryrun --help --what-if --noop --preview-only --check")


def judge(judge: "Judge", call: "Call", shell: "Shell") -> None:
    """The one entry: the first row that fits decides."""
    program = ALIASES.get(call.name, call.name)
    rows = ROWS.get(program)
    if rows is None:
        return
    options = Options(call.args, VALUED.get(program, VALUED[""]))
    if any(_is_rehearsal(name, value) for name, value in options.found) or "help" in call.args[:1]:
        return
    operands = [one for one in options.operands if not one.startswith("+")]
    for verb, needs, unless, rule in rows:
        excused = bool(unless) and _has(options, call.args, unless)
        if _fits(operands, verb) and _has(options, call.args, needs) and not excused:
            judge.hit(rule, call)
            return


def _is_rehearsal(name: str, value: str) -> bool:
    if name in _REHEARSALS:
        return value not in ("none", "false")
    return name == "-dry-run"


def _fits(operands: list[str], words: tuple[str, ...]) -> bool:
    """Whether the operands begin with the row's words; `…` stands for any number of others."""
    index = 0
    anywhere = False
    for word in words:
        if word == "…":
            anywhere = True
            continue
        choices = word.split("|")
        if anywhere:
            while index < len(operands) and not _is_one(operands[index], choices):
                index += 1
        if index >= len(operands) or not _is_one(operands[index], choices):
            return False
        index += 1
        anywhere = False
    return True


def _is_one(operand: str, choices: list[str]) -> bool:
    return any(fits_glob(operand, choice) for choice in choices)


def _has(options: Options, args: list[str], names: str) -> bool:
    """Whether one of the named options, operands or `option=value` pairs is there; "" always."""
    if not names:
        return True
    for name in names.split():
        if "=" in name:
            key, _, wanted = name.partition("=")
            if wanted in options.values(key) or name in args:
                return True
        elif (options.has(name) if name.startswith("-") else name in args) or (
            name.startswith("-") and name in args
        ):
            return True
    return False
