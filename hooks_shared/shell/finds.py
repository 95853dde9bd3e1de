"""What `find` and `fd` would name, as path patterns, and the commands they would run on it."""

from hooks_shared.shell.values import STAR, globbed, words

_NAMES = words("-name -iname -path -ipath -wholename -iwholename -regex -iregex")
_RUNNERS = ("-exec", "-execdir", "-ok", "-okdir")
_MOST = 16


def _starts(args: list[str]) -> tuple[list[str], list[str]]:
    """Starting points and expression."""
    index = 0
    while index < len(args) and args[index] in ("-H", "-L", "-P"):
        index += 1
    first = index
    while index < len(args) and not _begins_expression(args[index]):
        index += 1
    return args[first:index] or ["."], args[index:]


def _begins_expression(argument: str) -> bool:
    return (argument.startswith("-") and len(argument) > 1) or argument in ("!", "(", ")", ",")


def find_results(args: list[str], action: str = "") -> list[str]:
    """Patterns of the paths that an expression lets through; [] where it is only empty things.

    `action`: only the alternatives that hold it count, as in `-empty -o -name x -delete`.
    """
    starts, expression = _starts(args)
    starts = [start.rstrip("/") if start.strip("/") else "" for start in starts]
    branches = _branches(expression) if action else [expression]
    found: list[str] = []
    for branch in branches:
        if not action or action in branch:
            found += _let_through(starts, branch)
    return found[:_MOST]


def _branches(expression: list[str]) -> list[list[str]]:
    """What stands between the `-o` outside all parentheses; pruned names go with what follows."""
    branches: list[list[str]] = [[]]
    depth = 0
    for word in expression:
        depth += (word == "(") - (word == ")")
        pruned = branches[-1][-1:] == ["-prune"]
        if word in ("-o", "-or") and depth <= 0 and not pruned:
            branches.append([])
        else:
            branches[-1].append(word)
    return branches


def _let_through(starts: list[str], expression: list[str]) -> list[str]:
    if "-empty" in expression and not _is_negated(expression, expression.index("-empty")):
        return []
    wanted = _wanted(expression)
    found = []
    for start in starts[:_MOST]:
        if not wanted:
            found.append(f"{start}/{STAR}")
        for kind, pattern in wanted:
            found.append(_result(start, kind, pattern))
    return found[:_MOST]


def _wanted(expression: list[str]) -> list[tuple[str, str]]:
    """(test, pattern) of the names asked for, leaving out those that are negated or pruned."""
    found: list[tuple[str, str]] = []
    for index, word in enumerate(expression[:-1]):
        pruned = expression[index + 2 : index + 4] == ["-prune", "-o"]
        if word in _NAMES and not pruned and not _is_negated(expression, index):
            found.append((word, expression[index + 1]))
    return found


def _is_negated(expression: list[str], index: int) -> bool:
    before = expression[index - 1] if index else ""
    if before in ("!", "-not"):
        return True
    return before == "(" and index > 1 and expression[index - 2] in ("!", "-not")


def _result(start: str, kind: str, pattern: str) -> str:
    if kind in ("-name", "-iname"):
        return f"{start}/{STAR}/{globbed(pattern)}"
    if kind in ("-regex", "-iregex"):
        plain = pattern.replace(".*", "*").replace("\\", "").rstrip("$")
        return f"{start}/{STAR}/{globbed(plain)}"
    globbed_path = globbed(pattern)
    if globbed_path.startswith((start + "/", "/")) and start:
        return globbed_path
    return f"{start}/{globbed_path.removeprefix('./')}"


def find_commands(args: list[str]) -> list[list[str]]:
    """The commands of `-exec` and its kin, `{}` left in."""
    found: list[list[str]] = []
    index = 0
    while index < len(args):
        if args[index] in _RUNNERS:
            stop = index + 1
            while stop < len(args) and args[stop] not in (";", "+"):
                stop += 1
            if stop > index + 1:
                found.append(args[index + 1 : stop])
            index = stop
        index += 1
    return found


def deletes(args: list[str]) -> bool:
    """Whether `-delete` stands in the expression and not in a command of `-exec`."""
    index = 0
    while index < len(args):
        if args[index] in _RUNNERS:
            while index < len(args) and args[index] not in (";", "+"):
                index += 1
        elif args[index] == "-delete":
            return True
        index += 1
    return False


def fd_results(args: list[str]) -> tuple[list[str], list[str]]:
    """The same of `fd`: patterns, and the command of `-x` or `-X`."""
    command: list[str] = []
    for index, argument in enumerate(args):
        if argument in ("-x", "-X", "--exec", "--exec-batch"):
            args, command = args[:index], args[index + 1 :]
            break
    extensions, operands, index = [], [], 0
    while index < len(args):
        if args[index] in ("-e", "--extension"):
            extensions += args[index + 1 : index + 2]
            index += 1
        elif args[index] in ("-t", "-d", "-E", "--type", "--exclude", "--max-depth"):
            index += 1
        elif not args[index].startswith("-"):
            operands.append(args[index])
        index += 1
    start = operands[1] if len(operands) > 1 else "."
    if extensions:
        return [f"{start}/{STAR}/{STAR}.{one}" for one in extensions], command
    pattern = operands[0].strip("^$").replace("\\", "") if operands else ""
    name = pattern if pattern and pattern != "." else STAR
    return [f"{start}/{STAR}/{name}"], command
