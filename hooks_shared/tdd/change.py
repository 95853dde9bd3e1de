"""What a change does to code, told from its lines: whether it adds any, keeps names and branches.

Counts lines and words of each language, parses nothing. Rules are meant to be foreseeable.
"""

from hooks_shared.shell.values import words
from hooks_shared.tdd.files import GO, JAVASCRIPT, PYTHON, RUST

_BRANCHES = words("if elif for while except catch case match switch when and or unless loop")
_NO_METHODS = words("if for while switch catch function return else do try with new await throw")
_BRACKETS = "{}()[];,: \t"


def code_lines(text: str, language: str) -> list[str]:
    """Lines that do something: no comments, imports, types, attributes, lone brackets."""
    found: list[str] = []
    closer = ""
    for raw in text.replace("\r\n", "\n").split("\n"):
        line = " ".join(raw.split())
        if closer:
            closer = "" if closer in line else closer
            continue
        closer = _opens(line, language)
        if closer or not line.strip(_BRACKETS) or _is_idle(line, language):
            continue
        found.append(_without_comment(line, language))
    return found


def _opens(line: str, language: str) -> str:
    """What ends the comment, docstring, import or type that begins here and goes on; or ""."""
    if language == PYTHON:
        return _opens_in_python(line)
    if line.startswith("/*"):
        return "*/" if "*/" not in line else ""
    if language == GO:
        return ")" if line == "import (" else ""
    if language == RUST:
        return ";" if line.startswith(("use ", "pub use ")) and ";" not in line else ""
    return _opens_in_javascript(line)


def _opens_in_python(line: str) -> str:
    for quotes in ('"""', "'''"):
        if line.lstrip("rRbBuUfF").startswith(quotes):
            return quotes if line.count(quotes) == 1 else ""
    return ")" if line.startswith("from ") and "(" in line and ")" not in line else ""


def _opens_in_javascript(line: str) -> str:
    if line.startswith("import ") and "{" in line:
        return "" if "}" in line else "}"
    typed = line.removeprefix("export ").removeprefix("declare ")
    opens = typed.startswith(("interface ", "type ")) and "{" in line and "}" not in line
    return "}" if opens else ""


def _is_idle(line: str, language: str) -> bool:
    """A line without effect of its own."""
    if language == PYTHON:
        return line.startswith(("#", "import ", "from ", '"""', "'''")) or line in _IDLE_WORDS
    if line.startswith(("//", "/*", "*")):
        return True
    if language == GO:
        return line.startswith(("package ", "import ", '"'))
    if language == RUST:
        return line.startswith(("use ", "#[", "#![", "extern crate ", "pub use "))
    typed = line.removeprefix("export ").removeprefix("declare ")
    return line.startswith("import ") or typed.startswith(("interface ", "type "))


_IDLE_WORDS = ("pass", "...")


def _without_comment(line: str, language: str) -> str:
    mark = " # " if language == PYTHON else " // "
    return line.partition(mark)[0].rstrip()


def adds_code(before: str, after: str, language: str) -> bool:
    """Whether `after` has a line of code that `before` has not, however they are ordered."""
    left: dict[str, int] = {}
    for line in code_lines(before, language):
        left[line] = left.get(line, 0) + 1
    for line in code_lines(after, language):
        if not left.get(line):
            return True
        left[line] -= 1
    return False


def keeps_behaviour(before: str, after: str, language: str) -> bool:
    """Whether a change can be a refactoring: the same public names, and no branch more."""
    same = surface(before, language) == surface(after, language)
    return same and branches(after, language) <= branches(before, language)


def branches(text: str, language: str) -> int:
    """How many places decide which way it goes."""
    count = 0
    for line in code_lines(text, language):
        count += line.count("&&") + line.count("||") + line.count(" ? ")
        plain = "".join(c if c.isalnum() or c == "_" else " " for c in line)
        count += sum(word in _BRANCHES for word in plain.split())
    return count


def surface(text: str, language: str) -> list[str]:
    """The public names of a file with what they take, sorted."""
    return sorted(LANGUAGES[language](text.replace("\r\n", "\n").split("\n")))


def _python_names(lines: list[str]) -> list[str]:
    found: list[str] = []
    inside = -1  # how far the methods of the class around are indented; -1 outside of one
    for index, line in enumerate(lines):
        stripped = line.strip()
        indent = len(line) - len(line.lstrip())
        defines = stripped.startswith(("def ", "async def ", "class "))
        if stripped and indent == 0 and not stripped.startswith(("#", "@", ")", "]", "}")):
            inside = 0 if stripped.startswith("class ") else -1
        elif defines and inside == 0:
            inside = indent
        public = defines and indent == max(inside, 0) and not _is_private(stripped)
        if public or (stripped.startswith("__all__") and indent == 0):
            found.append(_signature(lines, index))
    return found


def _is_private(definition: str) -> bool:
    name = definition.removeprefix("async ").split()[1]
    return name.startswith("_") and not name.startswith("__")


def _signature(lines: list[str], index: int) -> str:
    """A definition up to the end of what it takes, on one line."""
    text, depth = "", 0
    for line in lines[index : index + 40]:
        text += " " + line.strip()
        depth = text.count("(") + text.count("[") - text.count(")") - text.count("]")
        if depth <= 0:
            break
    return "".join(text.partition("{")[0].split()).replace(",)", ")").rstrip(":")


def _javascript_names(lines: list[str]) -> list[str]:
    found: list[str] = []
    for index, line in enumerate(lines):
        stripped = line.strip()
        if stripped.startswith(("export ", "module.exports", "exports.")):
            found.append(_declared(_signature(lines, index)))
        elif stripped.endswith("{") and "(" in stripped and line[:1].isspace():
            first = stripped.replace("(", " ").split()[0]
            if first not in _NO_METHODS and not first.startswith(("_", "#", "}", "private", ".")):
                found.append(_signature(lines, index) if " => " not in stripped else "")
    return [one for one in found if one]


def _declared(signature: str) -> str:
    """`export const x = …` without what it is set to."""
    head, arrow, _ = signature.partition("=>")
    value = signature.startswith(("exportconst", "exportlet", "exportvar"))
    return signature.partition("=")[0] if value and not arrow else head


def _go_names(lines: list[str]) -> list[str]:
    found: list[str] = []
    for index, line in enumerate(lines):
        head, _, rest = line.partition(" ")
        if head == "func" and rest.startswith("("):
            rest = rest.partition(")")[2].strip()
        if head in ("func", "type", "var", "const") and rest[:1].isupper():
            kept = _signature(lines, index)
            found.append(kept if head in ("func", "type") else kept.partition("=")[0])
    return found


def _rust_names(lines: list[str]) -> list[str]:
    return [
        _signature(lines, index).partition("=")[0].rstrip(";")
        for index, line in enumerate(lines)
        if line.strip().startswith("pub ") or line.startswith("impl ")
    ]


# Language → what finds its public names.
LANGUAGES = {
    PYTHON: _python_names,
    JAVASCRIPT: _javascript_names,
    GO: _go_names,
    RUST: _rust_names,
}


def count_tests(text: str, language: str) -> int:
    """How many tests a file holds."""
    return sum(_begins_test(line.strip(), language) for line in text.split("\n"))


def _begins_test(line: str, language: str) -> bool:
    if language == PYTHON:
        return line.startswith(("def test", "async def test"))
    if language == GO:
        return line.startswith(("func Test", "func Example", "func Fuzz"))
    if language == RUST:
        return line.startswith("#[") and "test" in line and "cfg(" not in line
    return line.startswith(("it(", "test(", "it.", "test."))
