"""Programs of the lisps: `(sh "rm" "-rf" "src")`, `(fs/delete-tree "src")`, `(system "…")`.

Owns their calls, read list by list; what other languages say is `inline_judge`'s.
"""

from hooks_shared.safety.removals import judge_removal
from hooks_shared.shell.values import words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.safety.judge import Judge
    from hooks_shared.shell.state import Call
    from hooks_shared.shell.walk import Shell

LISPS = words("clojure clj bb racket guile sbcl clisp janet fennel emacs lumo planck")
_REMOVERS = words(
    "delete-tree delete-directory delete-directory-tree delete-file delete-dir "
    "files delete-if-exists file-delete remove-directory rm-rf"
)
_RUNNERS = words(
    "sh shell system system* run-program process exec shell-command call-process "
    "start-process shell-command-to-string process-lines run-shell-command launch-program"
)
_MOST_LISTS = 200


def judge_lisp(judge: "Judge", call: "Call", shell: "Shell", code: str) -> None:
    """Judge the calls in `code` whose arguments are plain strings."""
    for text in code.split("(")[1 : _MOST_LISTS + 1]:
        head = text.partition(")")[0].split(None, 1)
        name = head[0].lower() if head else ""
        last = name.rpartition("/")[2].rpartition(":")[2]
        strings = text.split('"')[1::2]
        if not strings:
            continue
        if last in _REMOVERS and (last != "files" or name == "delete-directory/files"):
            judge_removal(judge, call, strings[0], last != "delete-file")
        elif last in _RUNNERS and len(strings) == 1:
            shell.copy().run_text(strings[0])
        elif last in _RUNNERS:
            shell.start(strings, {}, [], call.via)
