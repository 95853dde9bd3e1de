"""Parses a shell line into pipelines: lists, compound commands, functions, here-documents.

Reads what a shell would refuse as far as it goes; only nesting beyond all measure is an error.
"""

from hooks_shared.shell.redirect import Redirector
from hooks_shared.shell.scan import NAME, TooDeepError
from hooks_shared.shell.tree import (
    BRANCH,
    CASE,
    FOR,
    FUNCTION,
    GROUP,
    LOOP,
    SIMPLE,
    SUBSHELL,
    TEST,
    Assignment,
    Node,
    Pipeline,
    Word,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.shell.tree import Script

_ENDS = frozenset({"then", "do", "done", "fi", "elif", "else", "esac", "}"})
_LIST = ("&&", "||", ";;&", ";;", ";&", ";", "&", "\n")
_WORD_ENDS = frozenset(" \t\n;&|<>()")


def parse(text: str, depth: int = 0) -> "Script":
    """The script that `text` spells.

    Raises:
        TooDeepError: nested beyond LIMIT, counted from `depth`.
    """
    parser = _Parser(text, depth)
    found: Script = []
    while parser.pos < parser.end:
        before = parser.pos
        found += parser.script()
        if parser.pos == before:
            parser.pos += 1  # a closer that closes nothing
    return found


class _Parser(Redirector):
    def nested(self, text: str) -> "Script":
        return parse(text, self.one_more())

    def script_until(self, closer: str) -> "Script":
        self.deeper()
        found = self.script()
        while self.pos < self.end and not self.at(closer):
            self.pos += 1
            found += self.script()
        self.pos = min(self.pos + 1, self.end)
        self.depth -= 1
        return found

    def blanks(self) -> None:
        """Skip spaces, continued lines and a comment."""
        text, end = self.text, self.end
        while self.pos < end:
            char = text[self.pos]
            if char in " \t\r":
                self.pos += 1
            elif char == "\\" and text.startswith("\n", self.pos + 1):
                self.pos += 2
            elif char == "#":
                close = text.find("\n", self.pos)
                self.pos = end if close < 0 else close
            else:
                return

    def lines(self) -> None:
        """Skip blanks and line ends; here-documents announced on a line follow it."""
        while True:
            self.blanks()
            if self.pos >= self.end or self.text[self.pos] != "\n":
                return
            self.pos += 1
            if self.heredocs:
                self.read_heredocs()

    def script(self) -> "Script":
        """Pipelines up to a reserved word or character that ends a script."""
        found: Script = []
        while True:
            self.lines()
            if self.pos >= self.end or self.text[self.pos] == ")" or self._at_end_word():
                return found
            if self.at(";;"):
                return found
            before = self.pos
            pipeline = self._pipeline()
            pipeline.after = self._list_operator()
            if pipeline.stages:
                found.append(pipeline)
            if pipeline.after.startswith(";;") or pipeline.after == ";&":
                self.pos -= len(pipeline.after)
                return found
            if self.pos == before:
                self.pos += 1

    def _at_end_word(self) -> bool:
        return self._peek() in _ENDS

    def _peek(self) -> str:
        """The unquoted letters here, where they are a whole word."""
        text, pos, end = self.text, self.pos, self.end
        stop = pos
        while stop < end and stop - pos < 9 and text[stop] not in _WORD_ENDS:
            stop += 1
        return text[pos:stop] if stop >= end or text[stop] in _WORD_ENDS else ""

    def _list_operator(self) -> str:
        self.blanks()
        for operator in _LIST:
            if self.at(operator):
                self.pos += len(operator)
                if operator == "\n" and self.heredocs:
                    self.read_heredocs()
                return ";" if operator == "\n" else operator
        return ""

    def _pipeline(self) -> Pipeline:
        stages: list[Node] = []
        while True:
            self.lines()
            while self._peek() == "!":
                self.pos += 1
                self.blanks()
            node = self._command()
            if node is not None:
                stages.append(node)
            self.blanks()
            if not self.at("|") or self.at("||"):
                return Pipeline(stages)
            if self.at("|&"):
                self.pos += 1
            self.pos += 1

    def _command(self) -> Node | None:
        if self.opens_arithmetic():
            self.pos += 2
            node = Node(TEST)
            node.words = [self.skip_arithmetic()]
            return node
        if self.at("("):
            self.pos += 1
            node = Node(SUBSHELL)
            node.bodies = [self.script_until(")")]
            return self._with_redirections(node)
        compound = _COMPOUND.get(self._peek())
        if compound is not None:
            self.deeper()
            self.pos += len(self._peek())
            node = compound(self)
            self.depth -= 1
            return self._with_redirections(node)
        return self._simple()

    def _with_redirections(self, node: Node) -> Node:
        self.blanks()
        while self.redirection(node):
            self.blanks()
        return node

    def _simple(self) -> Node | None:
        node = Node(SIMPLE)
        while True:
            self.blanks()
            if self.redirection(node):
                continue
            if self.pos >= self.end or self._at_operator():
                if self.at("(") and self._is_definition(node):
                    return self._function_body(node)
                break
            if not node.words and self._assignment(node):
                continue
            node.words.append(self.word())
        return node if node.words or node.assignments or node.redirections else None

    def _at_operator(self) -> bool:
        if self.at("<(") or self.at(">("):
            return False
        return self.text[self.pos] in "\n;&|()<>"

    def _is_definition(self, node: Node) -> bool:
        return len(node.words) == 1 and bool(node.words[0].bare())

    def _function_body(self, node: Node) -> Node:
        self.pos += 1
        self.blanks()
        if self.at(")"):
            self.pos += 1
        return self._define(node.words[0].bare())

    def _define(self, name: str) -> Node:
        self.lines()
        found = Node(FUNCTION)
        found.name = name
        self.deeper()
        body = self._command()
        self.depth -= 1
        found.bodies = [[Pipeline([body])]] if body is not None else []
        return found

    def _assignment(self, node: Node) -> bool:
        text, pos, end = self.text, self.pos, self.end
        start = pos
        while pos < end and text[pos] in NAME:
            pos += 1
        if pos == start or text[start].isdigit():
            return False
        name = text[start:pos]
        if pos < end and text[pos] == "[":
            close = text.find("]", pos, pos + 200)
            pos = close + 1 if close >= 0 else pos
        append = text.startswith("+=", pos)
        if not append and not text.startswith("=", pos):
            return False
        self.pos = pos + 1 + append
        items = self._array() if self.at("(") else None
        value = self.word() if items is None else Word([])
        node.assignments.append(Assignment(name, value, append, items))
        return True

    def _array(self) -> list[Word]:
        self.pos += 1
        items: list[Word] = []
        while True:
            self.lines()
            if self.pos >= self.end or self.at(")"):
                break
            before = self.pos
            items.append(self.word())
            if self.pos == before:
                self.pos += 1
        self.pos = min(self.pos + 1, self.end)
        return items

    def expect(self, *words: str) -> str:
        """Consume one of the reserved words, if it stands here."""
        self.lines()
        if self.at(";") and not self.at(";;"):
            self.pos += 1
            self.lines()
        found = self._peek()
        if found in words:
            self.pos += len(found)
            return found
        return ""

    def words_until(self, *ends: str) -> list[Word]:
        """Words up to one that is in `ends`, which is consumed, or the end of the command."""
        words: list[Word] = []
        while True:
            self.blanks()
            if self.pos >= self.end or self.text[self.pos] in "\n;&|()":
                return words
            word = self.word()
            if word.bare() in ends and word.bare():
                return words
            words.append(word)
            if word.start == word.end:
                self.pos += 1

    def branch(self) -> Node:
        node = Node(BRANCH)
        node.bodies.append(self.script())
        while self.expect("then", "elif", "else"):
            node.bodies.append(self.script())
        self.expect("fi")
        return node

    def loop(self) -> Node:
        node = Node(LOOP)
        node.bodies.append(self.script())
        if self.expect("do"):
            node.bodies.append(self.script())
        self.expect("done")
        return node

    def for_loop(self) -> Node:
        node = Node(FOR)
        self.blanks()
        if self.opens_arithmetic():
            self.pos += 2
            self.skip_arithmetic()
        else:
            node.name = self.word().bare()
            if self.expect("in"):
                node.words = self.words_until()
        if self.expect("do", "{"):
            node.bodies.append(self.script())
        self.expect("done", "}")
        return node

    def case(self) -> Node:
        node = Node(CASE)
        self.blanks()
        node.words = [self.word()]
        self.expect("in")
        while True:
            self.lines()
            if self.pos >= self.end or self._peek() == "esac":
                break
            before = self.pos
            self._pattern()
            node.bodies.append(self.script())
            self._list_operator()
            if self.pos == before:
                self.pos += 1
        self.expect("esac")
        return node

    def _pattern(self) -> None:
        if self.at("("):
            self.pos += 1
        while self.pos < self.end and not self.at(")"):
            self.blanks()
            before = self.pos
            self.word()
            if self.pos == before and not self.at(")"):
                self.pos += 1
        self.pos = min(self.pos + 1, self.end)

    def group(self) -> Node:
        node = Node(GROUP)
        node.bodies = [self.script()]
        self.expect("}")
        return node

    def function(self) -> Node:
        self.blanks()
        name = self.word().bare()
        self.blanks()
        if self.at("("):
            self.pos += 1
            self.blanks()
            self.pos += self.at(")")
        return self._define(name)

    def test(self) -> Node:
        """`[[ … ]]`: its words may hold substitutions."""
        node = Node(TEST)
        while self.pos < self.end:
            self.lines()
            before = self.pos
            word = self.word()
            if word.bare() == "]]":
                break
            node.words.append(word)
            if self.pos == before:
                self.pos += 1
        return node


_COMPOUND = {
    "if": _Parser.branch,
    "while": _Parser.loop,
    "until": _Parser.loop,
    "for": _Parser.for_loop,
    "select": _Parser.for_loop,
    "case": _Parser.case,
    "{": _Parser.group,
    "function": _Parser.function,
    "[[": _Parser.test,
}

__all__ = ["TooDeepError", "parse"]
