"""The cheap first look: whether a command is plainly one of those that do no harm.

Errs on one side only: what is waved through here would have no hit. Loads nothing, because most
tool calls end here.
"""

_LONGEST = 4000
# Whatever can spell a program otherwise than by its name, or write, or comment.
_TRICKS = "$`\\{*?[~<>=#'\"(\n"
# Words in names of tasks (`make drop-db`, `npm run db:reset`) that need the long look.
_SAID = ("drop", "destr", "delet", "wipe", "nuke", "purge", "reset", "teardown", "schema", "clean")
_NAMES = (
    "ls pwd echo cd true false test whoami date which uname id hostname tree file stat du df ps "
    "sleep touch basename dirname pytest ruff mypy black isort flake8 tsc eslint prettier jest "
    "vitest rustc gofmt clear type jobs wait make"
)
_PLAIN = frozenset(_NAMES.split())
_GIT = "status log diff show fetch blame describe rev-parse remote ls-files shortlog"
_NPM = "install ci test run ls list outdated view start"
_SUBCOMMANDS = {
    "git": frozenset(_GIT.split()),
    "cargo": frozenset(("build", "test", "check", "clippy", "fmt", "run", "doc", "bench")),
    "npm": frozenset(_NPM.split()),
    "pip": frozenset(("install", "list", "show", "freeze")),
}


def is_plain(command: str) -> bool:
    """Whether a command consists of programs that are known to do no harm, plainly written."""
    if len(command) > _LONGEST or any(trick in command for trick in _TRICKS):
        return False
    text = command.replace("&&", ";").replace("||", ";").replace("|", ";")
    if any(said in command for said in _SAID):
        return False
    return "&" not in text and all(_is_harmless(part.split()) for part in text.split(";"))


def _is_harmless(words: list[str]) -> bool:
    if not words:
        return False
    allowed = _SUBCOMMANDS.get(words[0])
    if allowed is None:
        return words[0] in _PLAIN
    if words[0] == "git" and any(":" in one or one in ("-p", "--patch") for one in words):
        return False  # a file of another version, a branch fetched over one of here
    return len(words) > 1 and words[1] in allowed
