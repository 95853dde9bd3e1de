"""The families of protected files as data: what each covers, how it is answered, the way out.

The reason that a person reads and the reference page come from these rows.
"""

DENY, ASK, ALLOW = "deny", "ask", "allow"


class Family:
    """One row.

    Attributes:
        severity: DENY, ASK or ALLOW, unless options say otherwise. covers: which files, for people.
        advice: what to do instead, one sentence.
    """

    __slots__ = ("advice", "covers", "severity")

    def __init__(self, severity: str, covers: str, advice: str) -> None:
        self.severity = severity
        self.covers = covers
        self.advice = advice


FAMILIES = {
    "secrets": Family(
        DENY,
        "Files of keys and passwords: `.env`, private keys, credentials.",
        "Let the person change it; which keys there are belongs into an example file beside it.",
    ),
    "locks": Family(
        DENY,
        "Lock files of package managers.",
        "Let the package manager write it.",
    ),
    "generated": Family(
        DENY,
        "Files that a program makes, by their name or their first lines.",
        "Change what it is made from, and make it again.",
    ),
    "dependencies": Family(
        ASK,
        "Installed dependencies: `node_modules`, virtual environments.",
        "The next install undoes it; patch or fork the dependency instead.",
    ),
    "git-folder": Family(
        ASK,
        "Git's own folder.",
        "Use git's own commands.",
    ),
    "hub-owned": Family(
        DENY,
        "What hubctl renders: files, marked blocks, fields, handlers; its state and releases.",
        "Change canonical.yaml and run `hubctl apply`.",
    ),
    "kill-switches": Family(
        DENY,
        "Settings that switch off hooks or permission questions, or that the client would drop.",
        "Only the person may do that, by hand.",
    ),
    "outside": Family(
        DENY,
        "Everything outside the repository, its worktrees, additional and temporary folders, and "
        "the client's folders for plans, memory and scratch.",
        "Write inside the repository or a temporary folder, or let the person add the folder "
        "(`/add-dir`, or `directories` of protected-paths in canonical.yaml).",
    ),
}
