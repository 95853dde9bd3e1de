"""The checked canonical.yaml of a hub: loaded, validated, its meaning checked, or refused whole."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hubctl.config.load import Canonical, load
from hubctl.config.problems import problem
from hubctl.errors import CanonicalError
from hubctl.fleet.head import Head, hub_wide
from hubctl.fleet.hub import hub_name
from hubctl.model.finding import Location, Severity
from hubctl.system.data import read_data
from hubctl.system.places import environment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubctl.errors import SpecError
    from hubctl.fleet.hub import HubFiles
    from hubctl.model.finding import Finding
    from hubctl.system.places import Places
    from hubctl.system.sources import Sources


def checked_canonical(files: HubFiles, sources: Sources) -> tuple[Canonical, tuple[Finding, ...]]:
    """The canonical.yaml of a hub, fit for use, and what there is to say about it all the same.

    Raises:
        CanonicalError: it has errors; all findings ride along.
    """
    canonical = loaded(files)
    findings = check(canonical, files, sources)
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if errors:
        count = f"{len(errors)} error{'s' if len(errors) > 1 else ''}"
        raise CanonicalError(
            f"{files.path} cannot be used: {count}",
            findings=findings,
            hint="nothing was changed; mend the lines above and run the command again",
        )
    return canonical, findings


def loaded(files: HubFiles) -> Canonical:
    """canonical.yaml and canonical.local.yaml as parsed, with what is wrong as YAML."""
    return load(files.data, file=files.path, local=files.local, local_file=files.local_path)


def check(canonical: Canonical, files: HubFiles, sources: Sources) -> tuple[Finding, ...]:
    """Everything that can be said about canonical.yaml without looking at a target."""
    from hubctl.config.hidden import hidden_characters
    from hubctl.config.schema import check_schema
    from hubctl.config.secrets import scan_text
    from hubctl.config.semantics import check_semantics

    found = [*canonical.findings]
    for data, file in ((files.data, files.path), (files.local, files.local_path)):
        text = _text(data or b"")
        found += (*scan_text(text, file=file), *hidden_characters(text, file))
    if canonical.usable():
        found += check_schema(canonical, json.loads(read_data("schemas/canonical.schema.json")))
        found += check_semantics(
            canonical,
            hooks=known_hooks(hub_name(canonical.document, files.folder), sources),
            missing=lambda kind, names: sources.find(kind, names).missing,
        )
    return tuple(found)


def unrenderable(error: SpecError, decided: Location | None) -> CanonicalError:
    """What only rendering shows to be impossible, as what it is: an error in canonical.yaml."""
    finding = problem(
        "unrenderable",
        error.message,
        decided or Location(file="canonical.yaml"),
        path=".".join(error.spec),
        hint=error.hint,
    )
    return CanonicalError(
        "canonical.yaml wants something that no file can hold",
        findings=(finding,),
        hint="nothing was changed; mend it and run the command again",
    )


def known_hooks(hub: str, sources: Sources) -> tuple[str, ...]:
    """Ids of all hooks that canonical.yaml may name: hubctl's, and those of the hub itself."""
    from hubctl.render.own_hooks import own_hooks
    from hubctl.system.hooks_package import registry

    own = own_hooks(hub, sources.hook_modules())
    return (*(hook.id for hook in registry.HOOKS), *own)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def head_of(
    canonical: Canonical,
    findings: tuple[Finding, ...],
    files: HubFiles,
    names: Iterable[str],
    places: Places,
) -> Head:
    """The head of a checked canonical.yaml."""
    document = canonical.document
    section = document.get("hub")
    follow = section.get("follow", ()) if isinstance(section, dict) else ()
    return Head(
        hub=hub_name(document, files.folder),
        revision=canonical.revision,
        names=tuple(names),
        follow=tuple(expanded_path(str(path), files, places) for path in follow),
        document=hub_wide(document),
        findings=findings,
    )


def expanded_path(written: str, files: HubFiles, places: Places) -> str:
    """A path of canonical.yaml as an absolute one.

    Raises:
        UsageError: it names a variable that is not set.
    """
    from hubctl.config.paths import expand_path

    return expand_path(written, base=files.folder, home=places.home, env=environment())
