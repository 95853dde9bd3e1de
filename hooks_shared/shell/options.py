"""Reads command-line options as getopt does: clusters, attached values, `--`, abbreviations."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container


def first_operand(args: list[str], valued: "Container[str]") -> int:
    """Index of the first argument that is no option; `valued` options take the next one."""
    index = 0
    while index < len(args):
        argument = args[index]
        if argument == "--":
            return index + 1
        if len(argument) < 2 or argument[0] != "-":
            return index
        index += 2 if _takes_next(argument, valued) else 1
    return len(args)


def _takes_next(option: str, valued: "Container[str]") -> bool:
    if option in valued:
        return True
    if option.startswith("--") or len(option) < 3:
        return False
    for index in range(1, len(option)):
        if "-" + option[index] in valued:
            return index == len(option) - 1
    return False


class Options:
    """Options and operands of one command.

    Attributes:
        operands: what is left. found: (option, value) in order; short ones one by one.
    """

    __slots__ = ("found", "operands")

    def __init__(self, args: list[str], valued: "Container[str]" = (), mixed: bool = True) -> None:
        self.operands: list[str] = []
        self.found: list[tuple[str, str]] = []
        index = 0
        while index < len(args):
            argument = args[index]
            index += 1
            if argument == "--":
                self.operands += args[index:]
                return
            if len(argument) < 2 or argument[0] != "-":
                self.operands.append(argument)
                if not mixed:
                    self.operands += args[index:]
                    return
                continue
            index += self._take(argument, args[index : index + 1], valued)

    def _take(self, argument: str, following: list[str], valued: "Container[str]") -> int:
        """Note one argument with options; how many of the following it used."""
        value = following[0] if following else ""
        name, equals, attached = argument.partition("=")
        if argument in valued:
            self.found.append((argument, value))
            return 1
        if argument.startswith("--") or name in valued:
            self.found.append((name, attached if equals else ""))
            return 0
        for position in range(1, len(argument)):
            letter = "-" + argument[position]
            rest = argument[position + 1 :]
            if letter in valued:
                self.found.append((letter, rest or value))
                return 0 if rest else 1
            self.found.append((letter, ""))
        return 0

    def has(self, *names: str) -> bool:
        """Whether one of these options was given; long ones may be abbreviated to four letters."""
        return any(_is(option, name) for option, _ in self.found for name in names)

    def values(self, *names: str) -> list[str]:
        """The values of these options, in order."""
        return [value for option, value in self.found if any(_is(option, n) for n in names)]

    def value(self, *names: str) -> str:
        """The last value of these options, "" without one."""
        found = self.values(*names)
        return found[-1] if found else ""


def _is(option: str, name: str) -> bool:
    if option == name:
        return True
    return len(option) > 4 and option.startswith("--") and name.startswith(option)
