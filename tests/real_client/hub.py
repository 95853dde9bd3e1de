"""The canonical.yaml of these tests: every hook there is, at every event it can be enabled for."""

from __future__ import annotations

from hubctl.system.hooks_package import registry

STOP_ONCE = (
    "case $(cat) in *'\"stop_hook_active\":true'*) exit 0;; esac; "
    'echo \'{"decision": "block", "reason": "One word is missing: done."}\''
)


def every_hook() -> dict[str, list[object]]:
    """Event → ids of all hooks that can run there."""
    events: dict[str, list[object]] = {}
    for hook in registry.HOOKS:
        for event in hook.events:
            events.setdefault(event, []).append(hook.id)
    return events


def canonical(client: str | None = None, **sections: object) -> dict[str, object]:
    """A hub with one repository, `api`; `sections` are its defaults, `client` its oldest client."""
    return {
        "hub": {"name": "acme", "client": client},
        "defaults": sections,
        "repositories": {"api": {"path": "~/src/api"}},
    }
