"""What a schema cannot say about canonical.yaml: names that lead nowhere, and contradictions.

Pure: which hooks and sources exist, and which day it is, are handed in. What only the disk knows
(two repositories in one git directory, missing paths) is the engine's to find.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from hubctl.config.layers import Body, local_entry, mapping, texts
from hubctl.config.load import LOCAL, Canonical
from hubctl.config.paths import path_problem, same_path
from hubctl.config.places import path_text
from hubctl.config.problems import nearest, problem, shown, warning
from hubctl.config.semantic_bodies import bodies
from hubctl.config.semantic_hooks import hook_findings
from hubctl.config.semantic_sources import Missing, source_findings
from hubctl.config.semantic_units import unit_findings
from hubctl.errors import UsageError
from hubctl.model.address import HOST, parse_address
from hubctl.model.finding import Location

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from hubctl.config.places import DocPath
    from hubctl.model.finding import Finding


def check_semantics(
    canonical: Canonical,
    *,
    hooks: Collection[str] | None = None,
    missing: Missing | None = None,
    today: str = "",
) -> tuple[Finding, ...]:
    """All findings of meaning, by place; works on a document that its schema refuses, too.

    Args:
        canonical: the loaded file.
        hooks: ids of the hooks that exist; None leaves them unchecked.
        missing: which names of a kind of source lead nowhere; None leaves them unchecked.
        today: YYYY-MM-DD; "" leaves the end of exceptions unchecked.
    """
    found = [
        *(finding for check in _CHECKS for finding in check(canonical)),
        *_exceptions(canonical, today),
        *hook_findings(canonical, hooks),
        *source_findings(canonical, missing),
        *unit_findings(canonical),
    ]
    return tuple(sorted(found, key=lambda f: (f.location or Location(file=""), f.path, f.rule)))


# -- profiles ------------------------------------------------------------------------------------


def _unknown_profiles(canonical: Canonical) -> Iterator[Finding]:
    profiles = mapping(canonical.document.get("profiles"))
    for name, entry in mapping(canonical.document.get("repositories")).items():
        path: DocPath = ("repositories", name, "profiles")
        yield from _unknown(canonical, path, mapping(entry).get("profiles"), profiles)
    for name, body in profiles.items():
        path = ("profiles", name, "extends")
        yield from _unknown(canonical, path, mapping(body).get("extends"), profiles)


def _unknown(canonical: Canonical, path: DocPath, value: Any, profiles: Body) -> Iterator[Finding]:
    for index, name in enumerate(value if isinstance(value, list) else [value]):
        if not isinstance(name, str) or name in profiles:
            continue
        at = (*path, index) if isinstance(value, list) else path
        near = nearest(name, profiles)
        known = ", ".join(sorted(profiles)) or "none is declared"
        yield problem(
            "unknown-profile",
            f"there is no profile `{shown(name)}`",
            canonical.location(at, value=True),
            path=path_text(at),
            expected=f"one of: {shown(known)}",
            hint=f"did you mean `{near}`?" if near else "declare it under `profiles:`",
        )


def _cycles(canonical: Canonical) -> Iterator[Finding]:
    """Each profile that, by what it extends, contains itself; once for every closing edge."""
    profiles = mapping(canonical.document.get("profiles"))
    parents = {name: texts(mapping(body).get("extends")) for name, body in profiles.items()}
    done: set[str] = set()
    for start, first in parents.items():
        trail = [start]
        pending = [iter(first)] if start not in done else []
        while pending:
            following = next(pending[-1], None)
            if following is None:
                done.add(trail.pop())
                pending.pop()
            elif following in trail:
                yield _cycle(canonical, [*trail[trail.index(following) :], following])
            elif following in parents and following not in done:
                trail.append(following)
                pending.append(iter(parents[following]))


def _cycle(canonical: Canonical, names: list[str]) -> Finding:
    path = ("profiles", names[-2], "extends")
    return problem(
        "profile-cycle",
        f"the profile `{names[0]}` extends itself: {' → '.join(names)}",
        canonical.location(path),
        path=path_text(path),
        hint="take one of them out of `extends:`",
    )


# -- repositories --------------------------------------------------------------------------------


def _same_paths(canonical: Canonical) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for name in mapping(canonical.document.get("repositories")):
        at, written = _path_of(canonical, name)
        if not written:
            continue
        where = canonical.location(at, value=True)
        if why := path_problem(written):
            message = f"the path of `{name}` {why}"
            yield problem("path", message, where, path=path_text(at))
        other = first.setdefault(same_path(written), name)
        if other != name:
            message = f"`{name}` and `{other}` have the same path {shown(written)}"
            hint = "one checkout is one repository: merge the two entries"
            yield problem("same-path", message, where, path=path_text(at), hint=hint)


def _path_of(canonical: Canonical, name: str) -> tuple[DocPath, str]:
    document = canonical.document
    beside = local_entry(document, name).get("path")
    if isinstance(beside, str):
        own = mapping(mapping(document[LOCAL]).get("repositories"))[name]
        at: DocPath = (LOCAL, "repositories", name)
        return (at if isinstance(own, str) else (*at, "path")), beside
    written = mapping(mapping(document.get("repositories")).get(name)).get("path")
    return ("repositories", name, "path"), written if isinstance(written, str) else ""


def _unknown_local(canonical: Canonical) -> Iterator[Finding]:
    known = mapping(canonical.document.get("repositories"))
    for name in mapping(mapping(canonical.document.get(LOCAL)).get("repositories")):
        if name in known:
            continue
        near = nearest(name, known)
        yield warning(
            "unknown-repository",
            f"canonical.yaml has no repository `{shown(name)}`",
            canonical.location((LOCAL, "repositories", name)),
            path=path_text(("repositories", name)),
            hint=f"did you mean `{near}`?" if near else "delete it here, or add it there",
        )


def _hooks_in_settings(canonical: Canonical) -> Iterator[Finding]:
    for path, body in bodies(canonical.document):
        for inner in ((), ("local",)):
            holder = body if not inner else mapping(body.get("local"))
            if "hooks" in mapping(holder.get("settings")):
                at = (*path, *inner, "settings", "hooks")
                yield problem(
                    "hooks-in-settings",
                    "hooks do not stand inside `settings:`",
                    canonical.location(at),
                    path=path_text(at),
                    expected="`hooks:` beside `settings:`",
                    hint="move it; a handler of your own is written there with its `type`",
                )


# -- exceptions ----------------------------------------------------------------------------------


def _exceptions(canonical: Canonical, today: str) -> Iterator[Finding]:
    section = canonical.document.get("exceptions")
    for index, entry in enumerate(section if isinstance(section, list) else ()):
        path: DocPath = ("exceptions", index)
        address, until = mapping(entry).get("address"), mapping(entry).get("until")
        if isinstance(address, str):
            yield from _exception_address(canonical, (*path, "address"), address)
        if isinstance(until, str):
            yield from _exception_end(canonical, (*path, "until"), until, today)


def _exception_address(canonical: Canonical, path: DocPath, text: str) -> Iterator[Finding]:
    where = canonical.location(path, value=True)
    try:
        target = parse_address(text).target
    except UsageError as error:
        yield problem("address", error.message, where, path=path_text(path), hint=error.hint)
        return
    known = (HOST, *mapping(canonical.document.get("repositories")))
    if target not in known:
        near = nearest(target, known)
        yield problem(
            "unknown-target",
            f"there is no target `{target}`",
            where,
            path=path_text(path),
            expected="the name of a repository, or `host`",
            hint=f"did you mean `{near}`?" if near else "",
        )


def _exception_end(
    canonical: Canonical, path: DocPath, until: str, today: str
) -> Iterator[Finding]:
    where = canonical.location(path, value=True)
    try:
        datetime.date.fromisoformat(until)
    except ValueError:
        message = f"`{shown(until)}` is no day of the calendar"
        expected = "a day such as `2030-12-31`"
        yield problem("date", message, where, path=path_text(path), expected=expected)
        return
    if today and until < today:
        yield warning(
            "expired-exception",
            f"this exception ended on {until}",
            where,
            path=path_text(path),
            hint="delete it, or move `until:` if the drift is still wanted",
            exit_code=1,
        )


def _ci_without_package(canonical: Canonical) -> Iterator[Finding]:
    """A workflow that would install whatever an index has under our name."""
    if mapping(canonical.document.get("hub")).get("package"):
        return
    for path, body in bodies(canonical.document):
        if body.get("ci"):
            at = (*path, "ci")
            yield problem(
                "ci-package",
                "the workflow needs to know what to install",
                canonical.location(at),
                path=path_text(at),
                expected="`package` under `hub:`",
                hint="name a release that you trust, such as `package: hubctl==1.2.0`",
            )


def _secret_addresses(canonical: Canonical) -> Iterator[Finding]:
    """Whoever has the address of such a webhook may write there; it is not shown here either."""
    alerts = mapping(mapping(canonical.document.get("metrics")).get("alerts"))
    for name, row in mapping(alerts.get("webhooks")).items():
        kind = str(mapping(row).get("kind") or "")
        if kind in ("slack", "discord") and "${" not in str(mapping(row).get("url")):
            path = ("metrics", "alerts", "webhooks", name, "url")
            yield problem(
                "secret-address",
                "the address of this webhook is a secret",
                canonical.location(path),
                path=path_text(path),
                expected="a reference to a variable",
                hint=f"write url: ${{{kind.upper()}_WEBHOOK}}, and set that where hubctl runs",
            )


_CHECKS: tuple[Callable[[Canonical], Iterator[Finding]], ...] = (
    _unknown_profiles,
    _cycles,
    _ci_without_package,
    _same_paths,
    _unknown_local,
    _hooks_in_settings,
    _secret_addresses,
)
