"""`hubctl metrics forget`: a target that rows are taken to no more."""

from __future__ import annotations

import click


@click.command()
@click.argument("target")
def command(*, target: str) -> int:
    """Forget TARGET, as `metrics status` calls it: nothing is kept for it any more.

    A server or a series of files that is named again begins from the first row that is here.
    """
    from hubctl.cli.context import write
    from hubctl.errors import UsageError
    from hubctl.metrics.export.targets import forget, targets
    from hubctl.metrics.store import metrics_path, open_store
    from hubctl.system.places import find_places

    path = metrics_path(find_places())
    with open_store(path) as store:
        known = [one.target for one in targets(store)]
    if target not in known:
        names = ", ".join(f"{name!r}" for name in known)
        hint = f"targets: {names}" if known else "rows were not taken anywhere yet"
        raise UsageError(f"there is no target {target!r}", hint=hint)
    with open_store(path, write=True) as store, store.batch() as batch:
        forget(batch, target)
    write(f"{target} is forgotten\n")
    return 0
