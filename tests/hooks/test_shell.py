"""What a shell line would start: simple commands with words, folders, input and place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hooks_shared.shell.parse import parse
from hooks_shared.shell.scan import TooDeepError
from hooks_shared.shell.values import ANY, FETCHED, SECRET, STAR, UNKNOWN, UNSET
from hooks_shared.shell.walk import Listener, Shell, World, walk

if TYPE_CHECKING:
    from hooks_shared.shell.state import Call


class Heard(Listener):
    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.forked: list[str] = []

    def call(self, call: Call, shell: Shell) -> None:
        self.calls.append(call)

    def forks(self, name: str) -> None:
        self.forked.append(name)

    def is_secret(self, path: str) -> bool:
        return path.endswith("/.env")


def heard(text: str) -> Heard:
    listener = Heard()
    walk(text, "/p", World("/home/u", "/p", {}, listener))
    return listener


def argvs(text: str) -> list[list[str]]:
    return [call.argv for call in heard(text).calls if call.argv]


WORDS = [
    ("a  b\tc", ["a", "b", "c"]),
    ("a 'b c' \"d e\"", ["a", "b c", "d e"]),
    ("a'b'\"c\"d", ["abcd"]),
    ("a b\\ c \\' \\\\", ["a", "b c", "'", "\\"]),
    ('a "b\\"c\\$d\\e"', ["a", 'b"c$d\\e']),
    ("a \\\n b", ["a", "b"]),
    ("a b # c d", ["a", "b"]),
    ("a b#c", ["a", "b#c"]),
    ("a $'\\x41\\102\\t\\u0043\\''", ["a", "AB\tC'"]),
    ('a $"b"', ["a", "b"]),
    ("a ~ ~/x ~bob/y x~ '~'", ["a", "/home/u", "/home/u/x", "/home/bob/y", "x~", "~"]),
    ("a *.c ? [ab]x '*'", ["a", STAR + ".c", ANY, ANY + "x", "*"]),
    ("a {b,c}d e{1..3}", ["a", "bd", "cd", "e1", "e2", "e3"]),
    ("a {b,{c,d}} {} {x} '{a,b}'", ["a", "b", "c", "d", "{}", "{x}", "{a,b}"]),
    ("a $X \"$X\" ${X}y", ["a", UNSET, UNSET, UNSET + "y"]),
    ("a ${X:-d} ${X-e} ${X:+f} ${X:?}", ["a", "d", "e", "f", UNKNOWN]),
    ("a $HOME ${HOME}/x $PWD", ["a", "/home/u", "/home/u/x", "/p"]),
    ("a $API_TOKEN", ["a", SECRET + UNSET]),
    ("a $((1 + 2)) $# $?", ["a", ANY, ANY, ANY]),
    ("a !(b) @(c|d)", ["a", "!" + STAR, "@" + STAR]),
    ("a '' \"\"", ["a", "", ""]),
    ("a 2>&1 >b <c d", ["a", "d"]),
    ("A=1 B='x y' a", ["a"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), WORDS)
def test_words_are_what_the_shell_makes_of_them(text: str, words: list[str]) -> None:
    assert argvs(text) == [words]


LINES = [
    ("a; b && c || d & e | f", ["a", "b", "c", "d", "e", "f"]),
    ("(a; b) && { c; d; }", ["a", "b", "c", "d"]),
    ("if a; then b; elif c; then d; else e; fi", ["a", "b", "c", "d", "e"]),
    ("while a; do b; done; until c; do d; done", ["a", "b", "c", "d"]),
    ("for i in 1 2; do a; done", ["a", "a"]),
    ("case x in a|b) c ;; (d) e ;& *) f ;; esac", ["c", "e", "f"]),
    ("f() { a; }; f; function g { b; }; g; h() (c); h", ["a", "b", "c"]),
    ("a $(b) `c` \"$(d)\" <(e) >(f)", ["b", "c", "d", "e", "f", "a"]),
    ("[[ $(a) == b ]] && (( x = $(c) )); d", ["a", "c", "d"]),
    ("! a; time b; coproc c", ["a", "time", "b", "coproc", "c"]),
    ("a <<E; b\n$(c)\nE\nd", ["c", "a", "b", "d"]),
    ("a <<'E'; b\n$(c)\nE\nd", ["a", "b", "d"]),
    ("a <<-E\n\tx\n\tE\nb", ["a", "b"]),
    ("a <<E <<F\n1\nE\n2\nF\nb", ["a", "b"]),
    ("a\nb\n\n# c\nd", ["a", "b", "d"]),
    ("alias x='a b'; x", ["alias", "a"]),
    ("trap a EXIT; b", ["trap", "b", "a"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "names"), LINES)
def test_every_command_of_a_line_is_heard(text: str, names: list[str]) -> None:
    assert [argv[0] for argv in argvs(text)] == names


INSIDE = [
    ("sudo -u x -E rm a", ["rm", "a"]),
    ("env -u A -C /x B=1 rm a", ["rm", "a"]),
    ("timeout -k 5 10 nice -n 3 rm a", ["rm", "a"]),
    ("sh -c 'rm \"$1\"' _ a", ["rm", "a"]),
    ("bash -lxc 'rm $0' a", ["rm", "a"]),
    ("bash -o pipefail -c 'rm a'", ["rm", "a"]),
    ("bash <<< 'rm a'", ["rm", "a"]),
    ("echo rm a | sh", ["rm", "a"]),
    ("printf 'rm %s\\n' a | sh -s", ["rm", "a"]),
    ("echo 'rm a' | tee x | bash -", ["rm", "a"]),
    ("echo 'rm a' > x; cat x | sh", ["rm", "a"]),
    ("cp x y; echo 'rm a' > y; . ./y", ["rm", "a"]),
    ("echo a | xargs rm", ["rm", "a"]),
    ("echo a | xargs -I{} rm {}", ["rm", "a"]),
    ("find x -name y -exec rm {} +", ["rm", "x/" + STAR + "/y"]),
    ("parallel rm ::: a", ["rm", "a"]),
    ("ssh -p 1 h rm a", ["rm", "a"]),
    ("docker run --rm -v /x:/y i rm a", ["rm", "a"]),
    ("docker compose -f c.yml exec -T s rm a", ["rm", "a"]),
    ("kubectl -n x exec -it p -c c -- rm a", ["rm", "a"]),
    ("watch -n 1 rm a", ["rm", "a"]),
    ("su - x -c 'rm a'", ["rm", "a"]),
    ("eval rm a", ["rm", "a"]),
    ("X=rm; Y=a; $X $Y", ["rm", "a"]),
    ("X='rm a'; $X", ["rm", "a"]),
    ("X=(rm a); \"${X[@]}\"", ["rm", "a"]),
    ("set -- a; rm \"$@\"", ["rm", "a"]),
    ("read X <<< a; rm $X", ["rm", "a"]),
    ("X=a.txt; rm ${X%.txt}", ["rm", "a"]),
    ("echo cm0gYQ== | base64 -d | sh", ["rm", "a"]),
    ("echo 726d2061 | xxd -r -p | sh", ["rm", "a"]),
    ("echo 'a mr' | rev | sh", ["rm", "a"]),
    ("echo 'sn b' | tr snb rma | sh", ["rm", "a"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "argv"), INSIDE)
def test_commands_inside_others_are_heard(text: str, argv: list[str]) -> None:
    assert argv in argvs(text)


NOT_RUN = [
    "echo 'rm a'",
    "cat <<E\nrm a\nE",
    "echo rm a > x",
    "echo rm a | cat",
    "command -v rm a",
    "f() { rm a; }",
    "alias x='rm a'",
    "X='rm a'",
    "sh script rm a",
    "python3 -c 'rm a'",
]


@pytest.mark.parametrize("text", NOT_RUN)
def test_data_is_no_command(text: str) -> None:
    assert all(argv[0] != "rm" for argv in argvs(text))


PLACES = [
    ("cd x && a", "/p/x"),
    ("cd /x; cd y/../z; a", "/x/z"),
    ("(cd /x); a", "/p"),
    ("cd /x; cd -; a", "/p"),
    ("pushd /x; popd; a", "/p"),
    ("cd; a", "/home/u"),
    ("cd $X; a", UNSET),
    ("cd $(git rev-parse --show-toplevel)/x; a", "/p/x"),
    ("env -C /x a", "/x"),
]


@pytest.mark.parametrize(("text", "folder"), PLACES)
def test_folders_are_followed(text: str, folder: str) -> None:
    assert heard(text).calls[-1].cwd == folder


STDIN = [
    ("echo x | a", "x\n"),
    ("a <<< x", "x\n" if False else "x"),
    ("a <<E\nx $HOME\nE", "x /home/u\n"),
    ("curl http://x | a", FETCHED),
    ("cat .env | a", SECRET + UNKNOWN),
    ("cat .env.x | a", UNKNOWN),
    ("printf '%s-%s' 1 2 | a", "1-2"),
    ("a < /dev/null", ""),
]


@pytest.mark.parametrize(("text", "stdin"), STDIN)
def test_input_is_known_where_the_line_says_it(text: str, stdin: str) -> None:
    assert heard(text).calls[-1].stdin == stdin


def test_a_fork_bomb_is_told() -> None:
    assert heard(":(){ :|:& };:").forked == [":"]
    assert heard("f() { f; }; f").forked == []


def test_containers_know_what_they_mount() -> None:
    call = heard("docker run -v /a:/b:ro -v .:/c i rm x").calls[-1]
    assert call.place == "container" and call.mounts == (("/b", "/a"), ("/c", "/p"))


def test_nesting_has_a_bound() -> None:
    with pytest.raises(TooDeepError):
        parse("$(" * 200)
    with pytest.raises(TooDeepError):
        heard("f() { g; g; }; g() { h; h; }; h() { i; i; }; " + "f; " * 2000)
