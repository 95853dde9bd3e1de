"""Expands words: tilde, braces, variables, substitutions, splitting. Unknown parts stay marked."""

from hooks_shared.shell.braces import expand_braces
from hooks_shared.shell.tree import COMMAND, PROCESS, QUOTED, TEXT, VARIABLE, Part, Word
from hooks_shared.shell.values import ANY, SECRET, UNKNOWN, UNSET, bounded, globbed, is_known, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hooks_shared.shell.state import State

_SECRET_WORDS = words(
    "SECRET TOKEN PASSWORD PASSWD API_KEY APIKEY PRIVATE_KEY ACCESS_KEY CREDENTIAL"
)
_MOST_FIELDS = 256
_FEW = 9  # characters that tell nothing of a secret


class Expander:
    """Expands for one shell. `run` gives the output of a script, `known` the environment."""

    def __init__(self, state: "State", run: "Callable[[Part], str]", known: dict[str, str]) -> None:
        self.state = state
        self.run = run
        self.known = known

    def fields(self, words: list[Word]) -> list[str]:
        """The arguments that words become."""
        found: list[str] = []
        for word in words:
            parts = word.parts
            if len(parts) == 1 and parts[0].kind == QUOTED:
                found.append(parts[0].text)
                continue
            for one in expand_braces(word):
                found += self._split(one)
            if len(found) > _MOST_FIELDS:
                return [*found[:_MOST_FIELDS], UNKNOWN]
        return found

    def text(self, word: Word) -> str:
        """A word where nothing is split: values of assignments, bodies of here-documents."""
        value = word.literal()
        if value is None or (value.startswith("~") and word.bare()):
            value = "".join(self._part(part, index == 0) for index, part in enumerate(word.parts))
        return bounded(value)

    def _split(self, word: Word) -> list[str]:
        fields = [""]
        empty = True
        for index, part in enumerate(word.parts):
            if (part.kind == VARIABLE and part.text in ("@", "*")) or part.operator.startswith(
                "[]"
            ):
                items = self._items(part)
                if not items and len(word.parts) == 1:
                    return []
                pieces = items or [""]
            else:
                value = self._part(part, index == 0)
                if part.kind == TEXT:
                    pieces = [globbed(value)]
                elif part.quoted or part.kind in (QUOTED, PROCESS):
                    pieces = [value]
                    empty = False
                else:
                    pieces = _words_of(globbed(self._separated(value)))
                    if "~" in value:  # it stays one in a shell; what is meant is the home
                        pieces = [self._tilde(one) if one[:1] == "~" else one for one in pieces]
            fields[-1] = bounded(fields[-1] + pieces[0])
            fields += pieces[1:]
        return [one for one in fields if one] if empty and word.parts else fields

    def _separated(self, value: str) -> str:
        """Characters of an `IFS` that the line sets are blanks."""
        separators = self.state.variables.get("IFS")
        if isinstance(separators, str) and separators.strip() and is_known(separators):
            for one in separators.strip()[:8]:
                value = value.replace(one, " ")
        return value

    def _items(self, part: Part) -> list[str]:
        """`"$@"` and `"${a[@]}"`."""
        if part.text in ("@", "*"):
            return list(self.state.arguments[1:]) or ([UNSET] if self._is_top() else [])
        value = self.state.variables.get(part.text, UNSET)
        return list(value) if isinstance(value, list) else [value]

    def _is_top(self) -> bool:
        return len(self.state.arguments) == 1

    def _part(self, part: Part, first: bool) -> str:
        if part.kind == TEXT:
            return self._tilded(part.text) if first and "~" in part.text else part.text
        if part.kind == QUOTED:
            return part.text
        if part.kind == VARIABLE:
            return self._variable(part)
        if part.kind in (COMMAND, PROCESS):
            return self.run(part)
        if part.word is not None:
            self.text(part.word)  # an arithmetic expression runs what is substituted in it
        return ANY

    def _tilded(self, text: str) -> str:
        """`~/x`, and `of=~/x`, which bash takes for an assignment."""
        name, _, value = text.partition("=") if text[0] != "~" else ("", "", text)
        if value[:1] != "~" or (name and not name.isidentifier()):
            return text
        return (f"{name}=" if name else "") + self._tilde(value)

    def _tilde(self, text: str) -> str:
        user, slash, rest = text[1:].partition("/")
        home = self.known.get("HOME", UNSET)
        folder = {"": home, "+": self.state.cwd, "-": self.state.previous}.get(user)
        if folder is None:
            folder = f"{home.rpartition('/')[0] or '/home'}/{user}" if user != "root" else "/root"
        return folder + slash + rest

    def _variable(self, part: Part) -> str:
        name, operator = part.text, part.operator
        value = self._value(name)
        if operator == "!":
            if value is not None and not is_known(value):
                return SECRET + UNSET  # any variable there is
            target = value if value is not None and value.isidentifier() else ""
            value = self._value(target) if target else None
            operator = ""
        if not operator or operator.startswith(("[", "@")):
            return self._default(name) if value is None else value
        if operator in (":-", "-", ":=", "=", ":+", "+", ":?", "?"):
            return self._alternative(part, value)
        if operator == "#" and part.word is not None and not part.word.parts:
            return ANY
        return self._changed(part, value)

    def _alternative(self, part: Part, value: str | None) -> str:
        operator = part.operator.lstrip(":")
        operand = self.text(part.word) if part.word is not None else ""
        missing = value is None or (value == "" and part.operator.startswith(":"))
        if operator == "+":
            return "" if missing and value is not None else operand
        if operator == "?":
            return UNKNOWN if missing else value or ""
        if (missing and self._default(part.text) == UNSET) or (missing and value == ""):
            if operator == "=":
                self.state.variables[part.text] = operand
            return operand
        return value or self._default(part.text)

    def _changed(self, part: Part, value: str | None) -> str:
        """`${x%…}`, `${x#…}`, `${x/a/b}`, `${x:1:2}`, `${x^^}` where all of it is known."""
        operand = self.text(part.word) if part.word is not None else ""
        if value is None:
            length = operand.rpartition(":")[2].strip()
            few = part.operator == ":" and length.isdigit() and int(length[:9]) < _FEW
            return ANY if few else self._default(part.text)
        if not is_known(value):
            return value
        operator = part.operator
        if operator in ("^^", "^", ",,", ","):
            return value.upper() if "^" in operator else value.lower()
        if operator in ("/", "//"):
            old, _, new = operand.partition("/")
            return value.replace(old, new, -1 if operator == "//" else 1) if old else value
        if operator == ":":
            return _slice(value, operand)
        return _trimmed(value, operator, operand)

    def _value(self, name: str) -> str | None:
        """The value that the line or the known environment gives, None if neither does."""
        if name.isdigit():
            arguments = self.state.arguments
            return arguments[int(name[:4])] if int(name[:4]) < len(arguments) else None
        value = self.state.variables.get(name)
        if value is None:
            return self.state.cwd if name == "PWD" else self.known.get(name)
        return value if isinstance(value, str) else (value[0] if value else "")

    def _default(self, name: str) -> str:
        """What stands for a variable that comes from outside the line."""
        if name in ("?", "#", "$", "!", "RANDOM", "SECONDS", "LINENO", "UID", "PPID", "EUID"):
            return ANY
        if name == "OLDPWD":
            return self.state.previous
        upper = name.upper()
        secret = any(word in upper for word in _SECRET_WORDS)
        return SECRET + UNSET if secret else UNSET


def _words_of(value: str) -> list[str]:
    """Splitting of an unquoted value."""
    if " " not in value and "\n" not in value and "\t" not in value:
        return [value]
    pieces = value.split()
    if not pieces:
        return ["", ""]
    return ["", *pieces] if value[0] in " \n\t" else pieces + [""] * (value[-1] in " \n\t")


def _slice(value: str, operand: str) -> str:
    start, colon, length = (one.strip() for one in operand.partition(":"))
    plain = start.isascii() and start.isdigit()
    if not plain or (colon and not (length.isascii() and length.isdigit())):
        return UNKNOWN
    cut = value[int(start[:9]) :]
    return cut[: int(length[:9])] if colon else cut


def _trimmed(value: str, operator: str, pattern: str) -> str:
    """`${x%pattern}` and `${x#pattern}` for a pattern with at most one star."""
    if operator[:1] == "%":
        head = pattern.rstrip("*")
        if head == pattern:
            return value.removesuffix(pattern)
        cut = value.find(head) if operator == "%%" else value.rfind(head)
        return value[:cut] if cut >= 0 and head else value
    if operator[:1] == "#":
        tail = pattern.lstrip("*")
        if tail == pattern:
            return value.removeprefix(pattern)
        cut = value.rfind(tail) if operator == "##" else value.find(tail)
        return value[cut + len(tail) :] if cut >= 0 and tail else value
    return UNKNOWN
