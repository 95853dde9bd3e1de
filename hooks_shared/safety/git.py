"""git: work that is not committed, branches, and what guards commits.

Aliases given on the line, hooks and commands that git starts are walked as commands.
"""

import itertools

from hooks_shared.safety.git_history import VERBS as HISTORY
from hooks_shared.safety.git_remote import judge_push
from hooks_shared.safety.paths import DISPOSABLE, looks_like_file
from hooks_shared.shell.options import Options, first_operand
from hooks_shared.shell.values import is_open, joined, last_name, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hooks_shared.safety.judge import Judge
    from hooks_shared.shell.state import Call
    from hooks_shared.shell.walk import Shell

_GLOBAL = words("-C -c --git-dir --work-tree --namespace --exec-path --config-env --super-prefix")
_COMMANDS = words("core.pager core.editor core.sshcommand diff.external sequence.editor")
_WORK = words(
    "git-reset-hard git-reset-merge git-checkout-force git-discard-all git-discard git-clean "
    "git-rm-force"
)
_WHOLE = words(". ./ :/ * ./* -A --all :/* :(top) \ue002 ./\ue002")


class Git:
    """One git command: its subcommand's options, and the call as if it ran in git's folder."""

    __slots__ = ("args", "call", "judge", "shell", "verb")

    def __init__(
        self, judge: "Judge", call: "Call", shell: "Shell", verb: str, args: list[str]
    ) -> None:
        self.judge = judge
        self.call = call
        self.shell = shell
        self.verb = verb
        self.args = args

    def hit(self, rule: str, target: str = "") -> None:
        """Note that the command breaks `rule`; work in a temporary folder is nobody's loss."""
        if rule in _WORK and self.judge.place(".", self.call).kind == DISPOSABLE:
            return
        self.judge.hit(rule, self.call, target)

    def options(self, valued: str = "") -> Options:
        """The subcommand's options; `valued` ones take the next argument."""
        return Options(self.args, frozenset(valued.split()))


def judge(judge: "Judge", call: "Call", shell: "Shell") -> None:
    """The one entry."""
    args = call.args
    start = first_operand(args, _GLOBAL)
    aliases = {**_set_before(shell), **_configured(args[:start], shell)}
    call.cwd = _folder(args[:start], call.cwd)
    if start >= len(args):
        return
    verb, rest = args[start], args[start + 1 :]
    if "core.hookspath" in aliases and verb in ("commit", "push", "merge", "rebase", "am"):
        judge.hit("git-hooks-path", call)
    alias = aliases.get(verb)
    if alias is not None:
        _run_alias(shell, alias, rest, args[:start])
        return
    if "--help" in rest or rest[:1] == ["-h"]:
        return
    found = _VERBS.get(verb)
    if found is not None:
        found(Git(judge, call, shell, verb, rest))


def _set_before(shell: "Shell") -> dict[str, str]:
    """Aliases that `git config alias.x …` made earlier in the line."""
    return {k[4:]: text for k, text in shell.state.aliases.items() if k.startswith("git ")}


def _configured(options: list[str], shell: "Shell") -> dict[str, str]:
    """Aliases of `-c alias.x=…`; commands configured otherwise are run here."""
    aliases: dict[str, str] = {}
    for option, value in itertools.pairwise(options):
        if option != "-c":
            continue
        key, _, text = value.partition("=")
        key = key.lower()
        if key.startswith("alias."):
            aliases[key[6:]] = text
        elif key == "core.hookspath":
            aliases["core.hookspath"] = text
        elif key in _COMMANDS or (key == "credential.helper" and text.startswith("!")):
            shell.copy().run_text(text.lstrip("!"))
    return aliases


def _run_alias(shell: "Shell", alias: str, rest: list[str], options: list[str]) -> None:
    if alias.startswith("!"):
        shell.copy().run_text(alias[1:] + ' "$@"', ["git", *rest])
    else:
        plain = [one for one in options if one != "-c" and not one.startswith("alias.")]
        shell.start(["git", *plain, *alias.split(), *rest], {}, [], ("git",))


def _folder(options: list[str], cwd: str) -> str:
    for index, option in enumerate(options):
        name, equals, value = option.partition("=")
        if name in ("-C", "--work-tree"):
            cwd = joined(cwd, value if equals else "".join(options[index + 1 : index + 2]))
    return cwd


def _are_disposable(git: Git, paths: list[str]) -> bool:
    return bool(paths) and all(git.judge.place(path, git.call).kind == DISPOSABLE for path in paths)


def _reset(git: Git) -> None:
    if git.options().has("--hard"):
        git.hit("git-reset-hard")
    elif git.options().has("--merge"):
        git.hit("git-reset-merge")


def _behind_dashes(git: Git) -> list[str] | None:
    args = git.args
    return args[args.index("--") + 1 :] if "--" in args else None


def _checkout(git: Git) -> None:
    options = git.options("-b -B --orphan --conflict --pathspec-from-file")
    paths = _behind_dashes(git)
    if options.has("-b", "--orphan", "-p", "--patch", "-t", "--track") and not options.has(
        "-f", "--force"
    ):
        return
    if options.has("-f", "--force"):
        git.hit("git-checkout-force")
    elif options.has("-B"):
        git.hit("git-branch-reset")
    elif options.has("--ours", "--theirs"):
        return
    elif paths or options.has("--pathspec-from-file"):
        _discarded(git, paths or [])
    elif any(one in _WHOLE for one in options.operands):
        git.hit("git-discard-all")
    else:
        _maybe_paths(git, options.operands)


def _discarded(git: Git, paths: list[str]) -> None:
    if _are_disposable(git, paths):
        return
    whole = any(one in _WHOLE for one in paths)
    git.hit("git-discard-all" if whole else "git-discard")


def _maybe_paths(git: Git, operands: list[str]) -> None:
    """`git checkout file`: a name with the extension of a file is one, unless it is a version."""
    files = [one for one in operands if looks_like_file(one) and _is_source(one)]
    if "xargs" in git.call.via:  # names that another program lists
        files += [one for one in operands if is_open(one)]
    if len(operands) > 1 and not files:
        files = [one for one in operands[1:] if "/" in one or one.endswith("/")]
    if files and not _are_disposable(git, files):
        git.hit("git-discard", " ".join(files))


def _is_source(path: str) -> bool:
    name = last_name(path)
    return not (name[:1].isdigit() or name[1:2].isdigit() or name.rpartition(".")[2].isdigit())


def _switch(git: Git) -> None:
    options = git.options("-c -C --orphan")
    if options.has("-f", "--force", "--discard-changes"):
        git.hit("git-checkout-force")
    elif options.has("-C", "--force-create"):
        git.hit("git-branch-reset")


def _restore(git: Git) -> None:
    options = git.options("-s --source --conflict --pathspec-from-file")
    if options.has("-p", "--patch"):
        return
    if options.has("-S", "--staged") and not options.has("-W", "--worktree"):
        return
    _discarded(git, options.operands)


def _clean(git: Git) -> None:
    options = git.options("-e --exclude")
    if options.has("-n", "--dry-run", "-i", "--interactive"):
        return
    forced = options.has("-f", "--force") or any(
        "requireforce=false" in one.lower() for one in git.call.args
    )
    if forced and not _are_disposable(git, options.operands):
        git.hit("git-clean")


def _stash(git: Git) -> None:
    if git.args[:1] == ["clear"]:
        git.hit("git-stash-clear")
    elif git.args[:1] == ["drop"]:
        git.hit("git-stash-drop")


def _branch(git: Git) -> None:
    options = git.options(
        "-u --set-upstream-to --contains --merged --no-merged --points-at --format"
    )
    deletes = options.has("-d", "--delete")
    forces = options.has("-f", "--force")
    if options.has("-D") or (deletes and forces):
        git.hit("git-branch-delete")
    elif options.has("-M", "-C") or forces:
        operands = options.operands
        rename = options.has("-M") and operands[-1:] in (["main"], ["trunk"]) and len(operands) == 1
        if not rename:
            git.hit("git-branch-reset")


def _tag(git: Git) -> None:
    if git.options("-m -F -u --format --sort").has("-d", "--delete"):
        git.hit("git-tag-delete")


def _worktree(git: Git) -> None:
    if git.args[:1] == ["remove"] and git.options().has("-f", "--force"):
        git.hit("git-worktree-remove")


def _submodule(git: Git) -> None:
    if git.args[:1] == ["foreach"]:
        code = [one for one in git.args[1:] if one not in ("--recursive", "-q", "--quiet")]
        git.shell.copy().run_text(" ".join(code))
    elif git.args[:1] == ["deinit"] and git.options().has("-f", "--force"):
        git.hit("git-worktree-remove")
    elif git.args[:1] == ["update"] and git.options().has("-f", "--force"):
        git.hit("git-discard")


def _remove(git: Git) -> None:
    options = git.options("--pathspec-from-file")
    if options.has("--cached", "-n", "--dry-run") or _are_disposable(git, options.operands):
        return
    if options.has("-f", "--force") or any(one in _WHOLE for one in options.operands):
        git.hit("git-rm-force")


def _read_tree(git: Git) -> None:
    options = git.options("--index-output --prefix")
    if options.has("--reset") and options.has("-u"):
        git.hit("git-reset-hard")


def _checkout_index(git: Git) -> None:
    if git.options("--prefix --stage").has("-f", "--force") and "--prefix" not in " ".join(
        git.args
    ):
        git.hit("git-discard")


def _bisect(git: Git) -> None:
    if git.args[:1] == ["run"] and len(git.args) > 1:
        git.shell.start(git.args[1:], {}, [], ("git",))


def _commit(git: Git) -> None:
    options = git.options(
        "-m -F -C -c -t --message --file --author --date --fixup --squash --trailer -S"
    )
    if options.has("--no-verify", "-n"):
        git.hit("git-no-verify")


def _config(git: Git) -> None:
    options = git.options("-f --file --type --default")
    operands = [one for one in options.operands if one not in ("set", "unset")]
    key = operands[0].lower() if operands else ""
    reads = (
        options.has("--get", "--get-all", "--list", "-l", "--get-regexp")
        or "get" in options.operands[:1]
    )
    if key == "core.hookspath" and not reads and len(operands) > 1:
        git.hit("git-hooks-path")
    elif key.startswith("alias.") and len(operands) > 1:
        git.shell.state.aliases[f"git {key[6:]}"] = operands[1]
        if operands[1].startswith("!"):
            git.shell.copy().run_text(operands[1][1:])


def _flow(git: Git) -> None:
    if len(git.args) > 1 and git.args[1] == "delete" and git.options().has("-f", "--force"):
        git.hit("git-branch-delete")


_VERBS: "dict[str, Callable[[Git], None]]" = {
    **HISTORY,
    "reset": _reset,
    "checkout": _checkout,
    "switch": _switch,
    "restore": _restore,
    "clean": _clean,
    "stash": _stash,
    "branch": _branch,
    "tag": _tag,
    "worktree": _worktree,
    "submodule": _submodule,
    "rm": _remove,
    "read-tree": _read_tree,
    "checkout-index": _checkout_index,
    "bisect": _bisect,
    "commit": _commit,
    "config": _config,
    "flow": _flow,
    "push": judge_push,
    "send-pack": judge_push,
}
