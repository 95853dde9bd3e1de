"""Programs given on the command line: python -c, node -e, perl -e, ruby -e, php -r, awk.

Finds the program's text among the arguments, in a here-document or in a file that the line wrote;
`inline_judge` reads it.
"""

import itertools

from hooks_shared.safety.inline_fold import fold
from hooks_shared.safety.inline_judge import judge_code
from hooks_shared.safety.inline_lisp import LISPS, judge_lisp
from hooks_shared.safety.inline_tokens import STRING, Token, tokens
from hooks_shared.shell.options import Options, first_operand
from hooks_shared.shell.values import FETCHED, UNKNOWN, UNSET, is_open, last_name, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.safety.judge import Judge
    from hooks_shared.shell.state import Call
    from hooks_shared.shell.walk import Shell

# Program → options that take code, options with other values.
_CODE: dict[str, tuple[tuple[str, ...], str]] = {
    "python": (("-c",), "-W -X -m -Q"),
    "php": (("-r", "-B", "-R", "-E"), "-d -c -S"),
    "perl": (("-e", "-E"), "-I -M -i"),
    "ruby": (("-e",), "-I -r -C"),
    "go": ((), ""),
    "node": (("-e", "--eval", "-p", "--print", "-pe"), "-r --require --loader --import"),
    "lua": (("-e",), "-l"),
    "osascript": (("-e",), "-l"),
    "julia": (("-e", "--eval"), ""),
    "Rscript": (("-e",), ""),
    "groovy": (("-e",), ""),
    **dict.fromkeys(words("swift elixir ghc scala raku ocaml kotlin"), (("-e",), "")),
    **dict.fromkeys(words("clojure clj bb racket janet fennel"), (("-e",), "")),
    **dict.fromkeys(("octave", "matlab"), (("--eval", "-batch", "-r"), "")),
    "nim": (("--eval", "-e"), ""),
    "jshell": ((), "--class-path"),
    "erl": (("-eval",), "-s -sname"),
    "guile": (("-c",), ""),
    **dict.fromkeys(("sbcl", "clisp"), (("--eval", "-x"), "")),
    "crystal": (("eval",), ""),
}
_SAME = {
    **dict.fromkeys(("pypy", "ipython"), "python"),
    **dict.fromkeys(words("nodejs bun tsx ts-node zx"), "node"),
    "luajit": "lua",
    **dict.fromkeys(("runghc", "runhaskell"), "ghc"),
    "octave-cli": "octave",
    **dict.fromkeys(words("gcc cc clang g++ clang++ tcc rustc javac"), "compiler"),
}
_AWKS = ("awk", "gawk", "mawk", "nawk")
# Interpreter → the option behind which a program's name stands.
_CARRIERS = {"python": ("-m",), "ruby": ("-S",), "java": ("-jar",)}
_SCRIPTS = words("manage.py artisan rails console composer.phar wp drush occ rake prisma")
# Program → language, its subcommands that take code, the option of it ("" the first operand).
_FRAMEWORKS = {
    "rails": ("ruby", ("runner", "r", "console", "c"), ""),
    "manage.py": ("python", ("shell", "shell_plus"), "-c"),
    "artisan": ("php", ("tinker",), "--execute"),
    "flask": ("python", ("shell",), "-c"),
    "irb": ("ruby", (), "-e"),
    "pry": ("ruby", (), "-e"),
    "iex": ("ruby", (), "-e"),
    "psysh": ("php", (), "-e"),
}


def judge(judge: "Judge", call: "Call", shell: "Shell") -> None:
    """The one entry."""
    name = call.name.rstrip("0123456789.") or call.name
    name = _SAME.get(name, name)
    if name in _AWKS:
        _awk(judge, call, shell)
        return
    framework = _FRAMEWORKS.get(name)
    if framework is not None:
        _framework(judge, call, shell, framework)
        return
    if _started(call, shell, name):
        return
    if name in ("perl", "ruby") and _keeps_nothing(call):
        from hooks_shared.safety.writes import judge_emptied

        for path in Options(call.args, ("-e", "-E", "-I", "-M", "-r", "-ne")).operands:
            judge_emptied(judge, call, path)
    for code in _codes(name, call, shell):
        if name in LISPS:
            judge_lisp(judge, call, shell, code)
        else:
            judge_code(judge, call, shell, name, code)


def _keeps_nothing(call: "Call") -> bool:
    """`perl -i -ne ''`: writes a file anew and prints none of its lines."""
    clusters = "".join(one for one in call.args if one[:1] == "-" and one[1:].isalpha())
    given = " ".join(call.args)
    in_place = "i" in clusters and "n" in clusters and "p" not in clusters
    return in_place and "print" not in given and "puts" not in given


def _framework(
    judge: "Judge", call: "Call", shell: "Shell", framework: tuple[str, tuple[str, ...], str]
) -> None:
    """`rails runner "…"`, `manage.py shell -c "…"`, `artisan tinker --execute="…"`."""
    language, verbs, option = framework
    if verbs and call.args[:1] and call.args[0] not in verbs:
        return
    options = Options(call.args[1:] if verbs else call.args, (option,) if option else ())
    codes = options.values(option) if option else options.operands[:1]
    for code in codes or ([call.stdin] if call.stdin else []):
        judge_code(judge, call, shell, language, code)


def _started(call: "Call", shell: "Shell", name: str) -> bool:
    """Start what an interpreter only carries: `python -m x`, `php artisan`, `java -jar x.jar`."""
    args = call.args
    for option, value in itertools.pairwise(args):
        if option in _CODE.get(name, ((), ""))[0]:
            return False
        if option in _CARRIERS.get(name, ()):
            rest = args[args.index(value) + 1 :]
            program = last_name(value).removesuffix(".jar")
            shell.start([program.partition("-")[0] if name == "java" else program, *rest], {}, [],
                        (*call.via, name))  # fmt: skip
            return True
    start = first_operand(args, frozenset(_CODE.get(name, ((), ""))[1].split()))
    script = args[start] if start < len(args) else ""
    known = last_name(script) in _SCRIPTS or "/.bin/" in script or "vendor/bin/" in script
    if known or (_is_script(script) and shell.read(script) == UNKNOWN):
        shell.start([script, *args[start + 1 :]], {}, [], (*call.via, name))
        return True
    return False


def _is_script(path: str) -> bool:
    return path.endswith((".py", ".rb", ".php", ".js", ".mjs", ".cjs", ".ts", ".pl", ".lua"))


def _codes(name: str, call: "Call", shell: "Shell") -> list[str]:
    """The programs that a call holds: options, standard input, a file that the line wrote."""
    if name == "deno":
        return _deno(call, shell)
    options, valued = _CODE.get(name, (("-e",), ""))
    found: list[str] = []
    args = call.args
    for index, argument in enumerate(args):
        if argument in options or _is_code_cluster(argument, options):
            shows = name == "node" and argument in ("-p", "--print", "-pe")
            found += [
                f"console.log({one})" if shows else one for one in args[index + 1 : index + 2]
            ]
        elif argument[:2] in options and len(argument) > 2 and argument[:2] != "--":
            found.append(argument[2:])
        elif argument.startswith("--eval:"):
            found.append(argument[7:])
    if found:
        return found
    start = first_operand(args, frozenset(valued.split()))
    if "-m" in args[:start]:
        return []
    if args[:1] == ["run"] and name in ("go", "node"):
        start = 1
    if start >= len(args) or args[start] in ("-", "/dev/stdin") or name == "jshell":
        return [call.stdin] if call.stdin else []
    text = shell.read(args[start])
    return [text] if not is_open(text) or FETCHED in text else []


def _deno(call: "Call", shell: "Shell") -> list[str]:
    if call.args[:1] == ["eval"]:
        return Options(call.args[1:]).operands[:1]
    operands = Options(call.args, ("-c", "--config", "--import-map")).operands
    if operands[:1] != ["run"] or len(operands) < 2:
        return []
    text = (call.stdin or "") if operands[1] == "-" else shell.read(operands[1])
    return [text] if not is_open(text) or FETCHED in text else []


def _is_code_cluster(argument: str, options: tuple[str, ...]) -> bool:
    """`-lane`, `-Sc`: the letter for code at the end of a cluster."""
    if argument[:1] != "-" or argument[:2] == "--" or not 2 < len(argument) < 8:
        return False
    return "-" + argument[-1] in options and argument[1:].isalpha()


def _awk(judge: "Judge", call: "Call", shell: "Shell") -> None:
    """`system("…")` and `print | "sh"` in the program text of awk."""
    start = first_operand(call.args, frozenset(("-F", "-v", "-f")))
    code = call.args[start] if start < len(call.args) else ""
    found, _, _ = fold(tokens(code, "awk"), shell.world.home)
    read: dict[str, str] = {}
    for index, token in enumerate(found):
        following = found[index + 1 : index + 3]
        if token.text == "system" and following and following[0].text == "(":
            _awk_system(shell, found[index + 2 : index + 8], read)
        elif token.kind == STRING and [one.text for one in following] == ["|", "getline"]:
            lines = shell.copy().run_text(token.text)
            read.update((one.text, lines.strip()) for one in found[index + 3 : index + 4])
        elif token.text == "|" and following and following[0].kind == STRING:
            if following[0].text.split()[:1] in (["sh"], ["bash"]):
                judge.hit("run-unknown", call)
            else:
                shell.copy().run_text(following[0].text)


def _awk_system(shell: "Shell", rest: list[Token], read: dict[str, str]) -> None:
    """`read`: what the variables hold that the program fills from other commands."""
    text = ""
    for token in rest:
        if token.text == ")" and token.kind != STRING:
            break
        text += token.text if token.kind == STRING else read.get(token.text, UNSET)
    shell.copy().run_text(text)
