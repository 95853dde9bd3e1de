"""`hubctl hooks run`: answer one event exactly as the client would have it answered."""

from __future__ import annotations

import click

_EXPLAIN = (
    "import sys;sys.dont_write_bytecode=True;sys.path.insert(0,sys.argv[1]);"
    "from hooks_shared.explain import main;raise SystemExit(main(sys.argv[2:]))"
)


@click.command()
@click.argument("event")
@click.option(
    "--lane",
    default="",
    metavar="LANE",
    help="Only the hooks of one settings entry: closed, open, async, project or project-async.",
)
@click.option("--explain", is_flag=True, help="Verdict, timing and imports on stderr.")
@click.pass_obj
def command(hub_path: str | None, event: str, *, lane: str, explain: bool) -> int:
    """Answer EVENT, whose input stands on stdin, with the hooks that are enabled there.

    stdout, stderr and exit code are the dispatcher's own: exit code 2 blocks. The repository is
    the one of CLAUDE_PROJECT_DIR, else of the event's `cwd`, else of the working folder.
    """
    from hubctl.errors import UsageError
    from hubctl.fleet.hub import hook_interpreter
    from hubctl.model.events import EVENTS, normal_event
    from hubctl.release.installed import folder_in_use
    from hubctl.system.files import RealFiles
    from hubctl.system.foreground import run_in_foreground
    from hubctl.system.places import find_places

    del hub_path  # the registries of all hubs of the account count, as they do in a session
    name = normal_event(event)
    if name is None:
        raise UsageError(f"the client has no event {event!r}", hint=f"events: {', '.join(EVENTS)}")
    folder = folder_in_use(find_places(), RealFiles())
    python = (hook_interpreter(), "-I", "-S")
    if explain:
        return run_in_foreground((*python, "-c", _EXPLAIN, folder, name, lane))
    return run_in_foreground((*python, f"{folder}/hooks_shared/run.py", name, lane))
