"""Folds what can be known in a program's tokens: strings put together, paths, names by text.

So `getattr(shutil, "rm" + "tree")(os.path.join(home, "x"))` becomes the call that it is. One pass
over the tokens, a second one where a variable is used before the line that fills it.
"""

from hooks_shared.safety.inline_calls import SENDERS
from hooks_shared.safety.inline_tokens import FORM, HOLE, MARK, NAME, STRING, Token
from hooks_shared.safety.inline_values import Made, value_of, variable
from hooks_shared.shell.values import SECRET, UNSET, globbed, words

_OPENS = {"(": ")", "[": "]", "{": "}"}
_CLOSES = frozenset(")]}")
_JOINS = frozenset(("+", ".", "..", "/"))
_MOST_ARGUMENTS = 200  # tokens; what is longer is not folded, so that time stays in proportion
_EACH = words(".forEach .map .each .filter .flatMap .each_with_index .forEachSync")
_NAMED = ("getattr", "__import__", "require", "import_module", "attrgetter", "Reflect.get")
_ATTRIBUTES = words(".text .content .body .stdout .data .path .resolve")
_ENVIRONMENTS = ("os.environ", "process.env", "ENV", "environ", "Deno.env")
_LONGEST = 4096
_CONSTANTS = words("True False None true false null undefined nil TRUE FALSE")
_PATH_ARGUMENTS = words("path args cmd command atPath file filename src dst target")


def fold(found: list[Token], home: str) -> tuple[list[Token], dict[str, str], bool]:
    """The folded tokens, what variables hold, and whether a secret is put into an address."""
    first = _Folder(home, {})
    folded = first.run(found)
    if first.values and any(token.text in ("for", "each", "in") for token in found):
        second = _Folder(home, first.values)
        folded = second.run(found)
        return folded, second.values, first.sends or second.sends
    return folded, first.values, first.sends


class _Folder:
    """`out`: what is folded so far. `opens`: where brackets in it were opened."""

    def __init__(self, home: str, values: dict[str, str]) -> None:
        self.home = home
        self.values = dict(values)
        self.out: list[Token] = []
        self.opens: list[int] = []
        self.sends = False

    def run(self, found: list[Token]) -> list[Token]:
        """Fold all tokens."""
        for index, token in enumerate(found):
            following = found[index + 1].text if index + 1 < len(found) else ""
            if token.kind in (STRING, FORM):
                text = token.text if token.kind == STRING else self._filled(token.text)
                self._string(text)
            elif token.kind == NAME:
                self._name(token, following)
            elif token.kind == MARK and token.text in _OPENS:
                self.opens.append(len(self.out))
                self.out.append(token)
            elif token.kind == MARK and token.text in _CLOSES:
                self._closed(token, following)
            else:
                self.out.append(token)
        return self.out

    def _filled(self, text: str) -> str:
        """A text with values in it: `{x}`, `${x}`, `#{x}`, `$x`."""
        pieces = text.split(HOLE)
        out = [pieces[0]]
        for piece in pieces[1:]:
            inside, close, rest = piece.partition("}")
            value = self.values.get(inside.strip(), UNSET)
            if inside.strip() in ("Path.home()", "os.homedir()", "Dir.home"):
                value = self.home
            out += [value, rest] if close else [piece]
        return "".join(out)[:_LONGEST]

    def _string(self, text: str) -> None:
        """Append a string, joined to the one before where an operator says so."""
        out = self.out
        if out and out[-1].kind == NAME and out[-1].text == "glob":  # perl's, without parentheses
            out.pop()
            text = globbed(text)
        if len(out) > 1 and out[-1].kind == MARK and out[-1].text in _JOINS:
            before = out[-2]
            if before.kind == STRING:
                slash = "/" if out[-1].text == "/" else ""
                del out[-2:]
                self._string((before.text + slash + text)[:_LONGEST])
                return
            if before.kind == NAME and out[-1].text != "/" and "." not in before.text:
                del out[-2:]
                text = UNSET + text
        self._remember(text)
        out.append(Token(STRING, text))

    def _remember(self, text: str) -> None:
        """`x = "…"`, `for x in "…"`, and what stands before a bare string."""
        out = self.out
        if len(out) > 1 and out[-1].text == "=" and out[-2].kind == NAME:
            self.values[out[-2].text] = text
        elif out and out[-1].text in ("in", "of"):
            index = len(out) - 2
            while index >= 0 and out[index].text not in ("for", "foreach") and index > len(out) - 9:
                if out[index].kind == NAME:
                    self.values[out[index].text] = text
                index -= 1

    def _name(self, token: Token, following: str) -> None:
        out, text = self.out, token.text
        before = out[-1] if out else None
        if text[:1] == "." and before is not None and before.kind == NAME:
            out[-1] = Token(NAME, before.text + text)
        elif text in _ATTRIBUTES and before is not None and before.kind == STRING:
            if following == "(":
                out.append(token)
        elif self._is_parameter():
            self.values[text] = self._listed()
            out.append(token)
        elif text in self.values and following not in ("(", "=", "=>"):
            self._string(self.values[text])
        elif self._known(text, following):
            pass
        elif (
            before is not None
            and before.text == "+"
            and len(out) > 1
            and following not in ("(", "[")
        ):
            if out[-2].kind == STRING:
                out.pop()
                self._appended(out.pop().text + UNSET)
            else:
                out.append(token)
        else:
            out.append(token)

    def _appended(self, text: str) -> None:
        self._remember(text[:_LONGEST])
        self.out.append(Token(STRING, text[:_LONGEST]))

    def _known(self, text: str, following: str) -> bool:
        """`process.env.HOME`, `Dir.home`, `__dirname`."""
        if following == "(":
            return False
        owner, _, name = text.rpartition(".")
        if owner in ("process.env", "Deno.env"):
            self._string(variable(name, self.home))
        elif text == "Dir.home":
            self._string(self.home)
        elif text in ("__dirname", "__DIR__"):
            self._string(".")
        else:
            return False
        return True

    def _is_parameter(self) -> bool:
        """Whether a name here is what a loop over a list calls each item."""
        out = self.out
        start = len(out) - 1
        while (
            start >= 0
            and start > len(out) - 5
            and out[start].text in ("(", "{", "|", "do", "function", "async")
        ):
            start -= 1
        return (
            0 < start < len(out) - 1 and out[start].text in _EACH and out[start - 1].kind == STRING
        ) or (len(out) > 1 and out[-1].text == "as" and out[-2].kind == STRING)

    def _listed(self) -> str:
        return next((one.text for one in reversed(self.out[-7:]) if one.kind == STRING), UNSET)

    def _closed(self, token: Token, following: str) -> None:
        out = self.out
        start = self.opens.pop() if self.opens else -1
        if start < 0 or start >= len(out) or len(out) - start > _MOST_ARGUMENTS:
            out.append(token)
            return
        groups = groups_of(out[start + 1 :])
        if self._is_walked(start, token.text, following) and self._list(start, groups):
            return
        callee = out[start - 1] if start and out[start - 1].kind == NAME else None
        if token.text == ")":
            done = self._called(start, callee, groups)
        else:
            done = self._subscript(start, callee, groups, following)
        if not done:
            out.append(token)

    def _is_walked(self, start: int, closer: str, following: str) -> bool:
        """Whether a list in brackets is what a loop goes through."""
        before = self.out[start - 1] if start > 0 else None
        if before is not None and before.text in ("in", "of"):
            return True
        return closer == "]" and following in _EACH and (before is None or before.kind != NAME)

    def _list(self, start: int, groups: list[list[Token]]) -> bool:
        """`["a", "b"]` as one string of lines."""
        if not groups or any(len(one) != 1 or one[0].kind != STRING for one in groups):
            return False
        del self.out[start:]
        self._string("\n".join(one[0].text for one in groups))
        return True

    def _called(self, start: int, callee: Token | None, groups: list[list[Token]]) -> bool:
        out = self.out
        if callee is None:
            single = len(groups) == 1 and len(groups[0]) == 1 and groups[0][0].kind == STRING
            if single:
                text = out[start + 1].text
                del out[start:]
                self._string(text)
            return single
        if callee.text == "map" and groups and groups[0][0].text == "chr":
            callee = Token(NAME, "chr")  # ''.join(map(chr, [114, 109]))
        if callee.text.rpartition(".")[2] in _NAMED or callee.text in _NAMED:
            return self._by_name(start, groups)
        before = out[start - 2] if start > 1 and callee.text[:1] == "." else None
        receiver = before.text if before is not None and before.kind == STRING else None
        args = texts(groups)
        if receiver is None and before is not None and before.text == "]":
            return False
        owner = callee.text.rpartition(".")[0]
        if receiver is None and owner in self.values:
            receiver = self.values[owner]
        if SECRET in "".join(args[:1]) and callee.text.rpartition(".")[2] in SENDERS:
            self.sends = True  # a secret in an address
        value = value_of(Made(callee.text, receiver, args, self.home))
        inner = any(token.text == "(" for group in groups for token in group)
        if value is None or (UNSET in value and (inner or not value.strip(UNSET))):
            return False
        del out[start - (2 if before is not None and before.kind == STRING else 1) :]
        self._string(value[:_LONGEST])
        return True

    def _by_name(self, start: int, groups: list[list[Token]]) -> bool:
        """`getattr(x, "name")`, `__import__("os")`, `require("fs")`."""
        out = self.out
        known = texts(groups)
        if not known or known[-1] == UNSET or len(known) > 3:
            return False
        owner = "".join(token.text for token in groups[0]) if len(groups) > 1 else ""
        name = known[1] if len(groups) > 1 else known[0].rpartition(":")[2].replace("/", ".")
        del out[start - 1 :]
        out.append(Token(NAME, f"{owner}.{name}" if owner else name))
        return True

    def _subscript(
        self, start: int, callee: Token | None, groups: list[list[Token]], following: str
    ) -> bool:
        """`ENV["HOME"]`, `fs["rmSync"](…)`, `Dir["*"]`, `"…"[::-1]`."""
        out = self.out
        before = out[start - 1] if start else None
        if before is not None and before.kind == STRING:
            if "".join(one.text for one in out[start + 1 :]) == "::-1":
                text = before.text[::-1]
                del out[start - 1 :]
                self._string(text)
                return True
            return False
        known = texts(groups)
        if callee is None or len(known) != 1 or known[0] == UNSET:
            return False
        if callee.text in _ENVIRONMENTS:
            value = variable(known[0], self.home)
        elif callee.text == "Dir":
            value = globbed(known[0])
        elif following == "(" and known[0].isidentifier():
            name = f"{callee.text}.{known[0]}"
            del out[start - 1 :]
            out.append(Token(NAME, name))
            return True
        else:
            return False
        del out[start - 1 :]
        self._string(value)
        return True


def groups_of(found: list[Token]) -> list[list[Token]]:
    """The arguments of a call as tokens; those of lists among them one by one."""
    groups: list[list[Token]] = [[]]
    depth = 0
    for token in found:
        if token.kind == MARK and token.text in "[":
            continue
        if token.kind == MARK and token.text == "]":
            continue
        depth += (token.kind == MARK and token.text in "({") - (
            token.kind == MARK and token.text in ")}"
        )
        if token.kind == MARK and token.text == "," and not depth:
            groups.append([])
        else:
            groups[-1].append(token)
    return [group for group in groups if group]


def texts(groups: list[list[Token]]) -> list[str]:
    """Arguments as strings, UNSET for what is not known; named ones are left out."""
    found: list[str] = []
    for group in groups:
        if len(group) == 1 and group[0].text in _CONSTANTS:
            continue
        if len(group) > 1 and group[0].kind == NAME and group[1].text in ("=", ":", "=>"):
            if group[0].text in _PATH_ARGUMENTS:
                found.append(_text([one for one in group[2:] if one.text != ">"]))
            continue
        if group[0].text == "{" and group[0].kind == MARK:
            found += [token.text for token in group if token.kind == STRING]
        else:
            found.append(_text(group))
    return found


def _text(group: list[Token]) -> str:
    if len(group) == 1 and (group[0].kind == STRING or group[0].text[:1].isdigit()):
        return group[0].text
    out: list[str] = []
    for token in group:
        if token.kind == STRING:
            out.append(token.text)
        elif token.kind == NAME and (not out or out[-1] != UNSET):
            out.append(UNSET)
    return "".join(out)[:_LONGEST]
