"""Program text of other languages as it is read: its calls, what its names mean, its values.

Owns where the arguments of a call and the object of a method stand. Judges nothing.
"""

from hooks_shared.safety.inline_calls import REMOVERS, RUNNERS
from hooks_shared.safety.inline_fold import fold, groups_of, texts
from hooks_shared.safety.inline_tokens import NAME, STRING, Token, tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.safety.judge import Judge
    from hooks_shared.shell.state import Call
    from hooks_shared.shell.walk import Shell

_MOST_TOKENS = 200


class Reading:
    """One program text being judged."""

    __slots__ = (
        "aliases",
        "call",
        "depth",
        "found",
        "judge",
        "language",
        "plain",
        "sends",
        "shell",
        "values",
        "words",
    )

    def __init__(  # noqa: PLR0913, PLR0917 - the state of one reading
        self,
        judge: "Judge",
        call: "Call",
        shell: "Shell",
        language: str,
        code: str,
        depth: int,
    ) -> None:
        self.judge = judge
        self.call = call
        self.shell = shell
        self.language = language
        self.depth = depth
        plain = tokens(code, language)
        self.plain = plain
        self.aliases = _aliases(plain)
        self.found, self.values, self.sends = fold(plain, shell.world.home)
        self.words = {part for one in plain if one.kind == NAME for part in _parts(one.text)}

    def hit(self, rule: str, target: str = "") -> None:
        """Note that the program breaks `rule`."""
        self.judge.hit(rule, self.call, target)


def _parts(name: str) -> list[str]:
    return [part for part in name.split(".") if part]


def _aliases(found: list[Token]) -> dict[str, str]:
    """`import rmtree as r`, `f = shutil.rmtree`."""
    known: dict[str, str] = {}
    for index in range(len(found) - 2):
        name, sign, value = found[index : index + 3]
        if name.kind != NAME or value.kind != NAME:
            continue
        if sign.text == "as" or (
            sign.text == ":" and (name.text in REMOVERS or name.text in RUNNERS)
        ):
            known[value.text] = name.text
        elif sign.text == "=" and "." in value.text and _ends(found, index + 3):
            known[name.text] = value.text
    return known


def _ends(found: list[Token], index: int) -> bool:
    return index >= len(found) or found[index].text in (";", ",", "\n")


def arguments_of(found: list[Token], index: int) -> list[str] | None:
    """Arguments of the call behind `index`; None where it is no call."""
    start = index + 1
    if start >= len(found):
        return None
    if found[start].text == "!" and start + 1 < len(found):  # `rm_rf!("x")` of elixir
        start += 1
    if found[start].kind == STRING:  # perl and ruby need no parentheses
        stop = start
        while stop < len(found) and found[stop].text not in (";", "\n", "}") and stop < start + 40:
            stop += 1
        return texts(groups_of(found[start:stop]))
    if found[start].text not in ("(", "["):
        return None
    depth, stop = 0, start
    while stop < len(found) and stop < start + _MOST_TOKENS:
        if found[stop].kind not in (STRING, NAME):
            depth += (found[stop].text in "([{") - (found[stop].text in ")]}")
        if depth == 0:
            break
        stop += 1
    return texts(groups_of(found[start + 1 : stop]))


def receiver_of(reading: Reading, index: int) -> str:
    """`"x".unlink()`, `p.unlink()`: the string that the method's object is."""
    name = reading.found[index].text
    if name[:1] == ".":
        before = reading.found[index - 1] if index else None
        return before.text if before is not None and before.kind == STRING else ""
    return reading.values.get(name.rpartition(".")[0], "")
