"""git: history rewritten or forgotten, refs removed, keys put into it or shown by it."""

from hooks_shared.safety.paths import is_secret
from hooks_shared.shell.values import joined, last_name, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hooks_shared.safety.git import Git


def _reflog(git: "Git") -> None:
    if (
        git.args[:1] in (["expire"], ["delete"])
        and "--dry-run" not in git.args
        and "-n" not in git.args
    ):
        git.hit("git-reflog")


def _gc(git: "Git") -> None:
    prune = [one for one in git.args if one.startswith("--prune")]
    aggressive = any(one in ("--prune=now", "--prune=all") for one in prune)
    expire = any("pruneexpire=now" in one.lower() for one in git.call.args)
    if aggressive or expire:
        git.hit("git-gc")


def _prune(git: "Git") -> None:
    if not git.options("--expire").has("-n", "--dry-run"):
        git.hit("git-gc")


def _filter(git: "Git") -> None:
    for option in ("--tree-filter", "--index-filter", "--env-filter", "--msg-filter"):
        if option in git.args:
            code = git.args[git.args.index(option) + 1 :][:1]
            git.shell.copy().run_text("".join(code))
    if not {"--analyze", "--dry-run"} & set(git.args):
        git.hit("git-filter")


def _update_ref(git: "Git") -> None:
    options = git.options("-m")
    if options.has("-d", "--delete", "--stdin"):
        git.hit("git-update-ref")
    elif options.operands[:1] and options.operands[0].startswith("refs/heads/"):
        git.hit("git-branch-reset")


def _symbolic_ref(git: "Git") -> None:
    if git.options("-m").has("-d", "--delete"):
        git.hit("git-update-ref")


def _rebase(git: "Git") -> None:
    options = git.options("-x --exec --onto -s -X -C")
    for code in options.values("-x", "--exec"):
        git.shell.copy().run_text(code)
    if options.has("--root"):
        git.hit("git-rewrite")


def _delete_refs(git: "Git") -> None:
    if git.options().has("-d", "--delete"):
        git.hit("git-update-ref")


def _lfs(git: "Git") -> None:
    if git.args[:1] == ["prune"] and "--dry-run" not in git.args:
        git.hit("git-gc")
    elif git.args[:1] == ["migrate"] and git.args[1:2] in (["import"], ["export"]):
        git.hit("git-filter")


def _import(git: "Git") -> None:
    if "--force" in git.args:
        git.hit("git-branch-reset")


def _svn(git: "Git") -> None:
    if git.args[:1] == ["reset"]:
        git.hit("git-rewrite")


def _add(git: "Git") -> None:
    """A file of keys that git ignores, added all the same."""
    options = git.options("--chmod --pathspec-from-file")
    secrets = [one for one in options.operands if is_secret(joined(git.call.cwd, one))]
    if not options.has("-f", "--force"):
        secrets = [one for one in secrets if _is_private(one)]
    if secrets and not options.has("-n", "--dry-run"):
        git.hit("secret-committed", secrets[0])


def _is_private(path: str) -> bool:
    """Whether a file that git does not ignore is a key for certain, not settings or a fixture."""
    name = last_name(path)
    named = name in (".env", "credentials", ".netrc") or name.startswith((".env.", "id_"))
    return named and not {"test", "tests", "fixtures", "examples", "testdata"} & {*path.split("/")}


def _shown(git: "Git") -> None:
    """`git show HEAD~3:.env`, `git log -p -- .env`: what a secret file held."""
    if git.verb == "log" and not git.options().has("-p", "--patch", "-u"):
        return
    if git.options().has("--stat", "--name-only", "--name-status", "-q") or git.call.redirections:
        return
    paths = git.args[git.args.index("--") + 1 :] if "--" in git.args else []
    paths += [one.partition(":")[2] for one in git.args if ":" in one and git.verb == "show"]
    for path in paths:
        if path and is_secret(joined(git.call.cwd, path)):
            git.hit("secret-read", path)


def _fetch(git: "Git") -> None:
    """`git fetch origin +main:main`: a branch of here moved, its own commits forgotten."""
    options = git.options("--depth --deepen --refmap -j --upload-pack -o --filter")
    forced = options.has("-f", "--force") and git.verb == "fetch"
    for spec in options.operands[1:]:
        target = spec.partition(":")[2]
        moves = bool(target) and not target.startswith(("refs/remotes/", "refs/tags/"))
        if moves and (forced or spec.startswith("+")) and "/pull/" not in spec:
            git.hit("git-branch-reset", spec)


def _annex(git: "Git") -> None:
    if git.args[:1] in (["drop"], ["dropunused"], ["uninit"]) and "--force" in git.args:
        git.hit("git-gc")


def _credential(git: "Git") -> None:
    if git.args[:1] in (["fill"], ["get"]):
        git.hit("secret-read")


VERBS: "dict[str, Callable[[Git], None]]" = {
    "reflog": _reflog,
    "gc": _gc,
    "prune": _prune,
    "filter-branch": _filter,
    "filter-repo": _filter,
    "update-ref": _update_ref,
    "symbolic-ref": _symbolic_ref,
    "rebase": _rebase,
    "replace": _delete_refs,
    "lfs": _lfs,
    "fast-import": _import,
    "svn": _svn,
    "add": _add,
    **dict.fromkeys(("show", "log"), _shown),
    **dict.fromkeys(("fetch", "pull"), _fetch),
    "annex": _annex,
    **dict.fromkeys(
        words(
            "credential credential-store credential-osxkeychain credential-manager credential-cache"
        ),
        _credential,
    ),
}
