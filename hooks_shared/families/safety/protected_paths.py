"""protected-paths: refuses or questions writes into files that are not a session's to write.

Judges where a write leads, links followed, and what the file would say afterwards; an edit beside
a hub's block or field is an ordinary edit.
"""

from hooks_shared.context import Context
from hooks_shared.contract import Event, Verdict, ask
from hooks_shared.writes.write import is_unreadable, writes_of

_MOST_DIRECTORIES = 50


def decide(event: Event, context: Context) -> Verdict | None:
    """Deny or ask where a call would write what is protected; None for everything else."""
    if event.name == "DirectoryAdded":
        _remember_directory(event, context)
        return None
    writes = writes_of(event)
    if writes:
        from hooks_shared.writes.protect import judge

        return judge(writes, event, context)
    if is_unreadable(event):
        return ask("protected-paths: this nests too deeply to say what it writes; split it up.")
    return None


def _remember_directory(event: Event, context: Context) -> None:
    directory = event.text("directory")

    def change(memory: dict[str, object]) -> dict[str, object] | None:
        found = memory.get("directories")
        known = found if isinstance(found, list) else []
        if not directory or directory in known or len(known) >= _MOST_DIRECTORIES:
            return None
        return {**memory, "directories": [*known, directory]}

    context.remember(change)
