"""Reads redirections and the here-documents that lines announce."""

from hooks_shared.shell.scan import Scanner
from hooks_shared.shell.tree import QUOTED, TEXT, Node, Part, Redirection, Word

_OPERATORS = ("&>>", "<<<", "<<-", "&>", "<<", ">>", ">|", "<>", ">&", "<&", ">", "<")


class Redirector(Scanner):
    """A scanner that knows `>` and `<<`; `heredocs` wait for the end of their line."""

    def __init__(self, text: str, depth: int) -> None:
        super().__init__(text, depth)
        self.heredocs: list[tuple[Redirection, str, bool, bool]] = []

    def blanks(self) -> None:
        """The parser's part: skip spaces."""
        raise NotImplementedError

    def one_more(self) -> int:
        """The depth of a text inside this one."""
        self.deeper()
        self.depth -= 1
        return self.depth + 1

    def redirection(self, node: Node) -> bool:
        """Read one redirection, if one stands here."""
        start, fd = self.pos, ""
        char = self.text[start : start + 1]
        if not char or char not in "<>&0123456789{":
            return False
        pos = self._descriptor_end(start)
        operator = next((one for one in _OPERATORS if self.text.startswith(one, pos)), "")
        follows = self.text[pos + 1 : pos + 2]
        if not operator or (operator in "<>" and follows == "("):
            return False
        if operator.startswith("&") and pos > start:
            return False
        fd = self.text[start:pos]
        self.pos = pos + len(operator)
        self.blanks()
        self._take_target(node, operator, fd)
        return True

    def _descriptor_end(self, pos: int) -> int:
        start = pos
        if self.text[pos] == "{":
            close = self.text.find("}", pos, pos + 40)
            inside = self.text[pos + 1 : close] if close > 0 else ""
            return close + 1 if inside.isidentifier() else start
        while pos < self.end and self.text[pos] in "0123456789":
            pos += 1
        return pos

    def _take_target(self, node: Node, operator: str, fd: str) -> None:
        target = self.word()
        found = Redirection(operator, fd, target)
        node.redirections.append(found)
        if operator in ("<<", "<<-"):
            plain = all(part.kind == TEXT for part in target.parts)
            delimiter = "".join(part.text for part in target.parts)
            self.heredocs.append((found, delimiter, not plain, operator == "<<-"))
            found.target = Word([])

    def read_heredocs(self) -> None:
        """Read the bodies of what this line announced."""
        waiting, self.heredocs = self.heredocs, []
        for found, delimiter, literal, tabs in waiting:
            body = self._body(delimiter, tabs)
            if literal:
                found.target = Word([Part(QUOTED, body, True)])
            else:
                inner = type(self)(body, self.one_more())
                found.target = inner.heredoc_word()

    def _body(self, delimiter: str, tabs: bool) -> str:
        lines: list[str] = []
        while self.pos < self.end:
            close = self.text.find("\n", self.pos)
            stop = self.end if close < 0 else close
            line = self.text[self.pos : stop]
            self.pos = min(stop + 1, self.end)
            line = line.lstrip("\t") if tabs else line
            if line == delimiter:
                break
            lines.append(line + "\n")
        return "".join(lines)
