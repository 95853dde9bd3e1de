"""Taking the inventory of a target: what stands in the client's folders, seen through its door.

Every path that counts is looked at through the recording door, so that snapshots notice changes.
What hubctl wants or recorded was read when the plan was made and is not read again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from hubctl.check.fleet import target_findings
from hubctl.check.fleet.seen import LOCAL, MCP, SETTINGS, Link, Seen
from hubctl.check.inventory import Inventory, OwnFile
from hubctl.check.settings_lint import client_of
from hubctl.check.similar import digest_of, sketch_of, words_of
from hubctl.fleet.hand_set import hand_set
from hubctl.fleet.walk import Walk, stands
from hubctl.model.item import LinkTo

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubctl.engine.observe import Observer
    from hubctl.model.change import TargetPlan
    from hubctl.model.finding import Finding
    from hubctl.model.target import Target
    from hubctl.system.files import Files
    from hubctl.system.real_paths import Paths

_COMMITTED: Final = ("CLAUDE.md", ".claude/CLAUDE.md", "AGENTS.md", ".gitignore")
_ON_THIS_MACHINE: Final = ("CLAUDE.local.md", ".git/info/exclude")
_OWN: Final = re.compile(
    r"\.claude/(?:skills/[^/]+/SKILL\.md|(?:agents|commands|output-styles|rules)/.+\.md)"
)
_SCRIPT: Final = re.compile(r".*(?:/[^./]+|\.(?:bash|[cm]?js|[cm]?ts|php|pl|ps1|py|rb|sh|zsh))")
_HOOKS: Final = ".claude/hooks/"
_MOST_BYTES: Final = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A target that was just planned, and what the look went through.

    Attributes:
        plan: what was found. observer: the files it read.
        door: remembers what is looked at, and so does `paths`; plain: does not.
        owned: local addresses that canonical wants or a ledger records; links: the links of them.
        home: the home folder. host_settings: absolute path of the account's settings.
        document: the hub-wide sections of canonical.yaml.
        committed: only what is for everybody counts (CI): no local settings, no links.
    """

    plan: TargetPlan
    observer: Observer
    door: Files
    plain: Files
    paths: Paths
    owned: frozenset[str]
    links: tuple[str, ...]
    home: str
    host_settings: str
    document: Mapping[str, object]
    committed: bool = False

    @property
    def target(self) -> Target:
        """The target."""
        return self.observer.target


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The inventory, and what there is to tell of the target alone."""

    inventory: Inventory
    findings: tuple[Finding, ...]


def take_inventory(looked: Looked) -> Taken:
    """What stands in the client's folders of a target; reads only."""
    walk = Walk(
        looked.target, looked.door, looked.plain, _whole(looked.owned), paths=looked.paths
    ).run()
    own = {path: _read(looked, path) for path in walk.files if _is_own(walk, path)}
    seen = _seen(looked, walk, own)
    inventory = Inventory(
        target=looked.target.name,
        files=tuple(sorted([_own_file(path, data) for path, data in own.items()] + _given(looked))),
        settings=hand_set(seen.settings, looked.owned),
    )
    return Taken(inventory=inventory, findings=target_findings(seen))


def _seen(looked: Looked, walk: Walk, own: Mapping[str, bytes]) -> Seen:
    target = looked.target
    settings, unreadable = _settings(looked)
    here = not looked.committed
    return Seen(
        target=target.name,
        root=target.root,
        home=looked.home,
        texts={**_shared_texts(looked), **own},
        settings=settings,
        unreadable=unreadable,
        scripts=tuple(path for path in walk.files if here and _may_run(walk, path)),
        links=(*walk.links, *_own_links(looked)) if here else (),
        owned=looked.owned,
        told=frozenset((finding.rule, finding.address) for finding in looked.plan.findings),
        client=client_of(looked.document),
        absolute=target.absolute,
        exists=partial(_exists, looked),
        read=partial(_read, looked),
        host_settings=partial(_host_settings, looked),
    )


def _whole(owned: frozenset[str]) -> frozenset[str]:
    return frozenset(local for local in owned if "#" not in local)


def _is_own(walk: Walk, path: str) -> bool:
    return walk.files[path].size <= _MOST_BYTES and _OWN.fullmatch(path) is not None


def _may_run(walk: Walk, path: str) -> bool:
    if not path.startswith(_HOOKS) or not _SCRIPT.fullmatch(path):
        return False
    has_suffix = "." in path.rpartition("/")[2]
    return has_suffix or bool(walk.files[path].mode & 0o111)


def _read(looked: Looked, path: str) -> bytes:
    try:
        return looked.door.read(looked.target.absolute(path), follow=False)
    except OSError:
        return b""


def _exists(looked: Looked, path: str) -> bool:
    """What lies outside of a checkout is another machine's business."""
    unknown = looked.committed and not path.startswith(f"{looked.target.root}/")
    return unknown or looked.door.look(path) is not None


def _own_file(path: str, data: bytes, *, rendered: bool = False) -> OwnFile:
    words = words_of(data)
    return OwnFile(path, digest_of(words), sketch_of(words), rendered)


def _given(looked: Looked) -> list[OwnFile]:
    """What hubctl renders for the account: repositories must know its names."""
    if not looked.target.is_host:
        return []
    paths = [path for path in _whole(looked.owned) if _OWN.fullmatch(path)]
    found = {path: looked.observer.file(path).data for path in paths}
    return [_own_file(path, data, rendered=True) for path, data in found.items() if data]


def _shared_texts(looked: Looked) -> dict[str, bytes]:
    """Instruction files, and other files in which blocks of ours can stand."""
    paths = (*_COMMITTED, *(() if looked.committed else _ON_THIS_MACHINE))
    if looked.target.is_host:
        paths = (".claude/CLAUDE.md",)
    found = {path: looked.observer.file(path) for path in paths}
    return {path: view.data for path, view in found.items() if view.data and not view.problem}


def _settings(looked: Looked) -> tuple[dict[str, Mapping[str, object]], bool]:
    """Settings files by logical path, and whether one of them cannot be read."""
    found: dict[str, Mapping[str, object]] = {}
    unreadable = False
    paths = (SETTINGS, MCP) if looked.committed else (SETTINGS, LOCAL, MCP)
    for path in (SETTINGS,) if looked.target.is_host else paths:
        view = looked.observer.file(path)
        document = view.document()
        unreadable |= view.problem is not None
        if document is not None and isinstance(document.root, dict):
            found[path] = document.root
    return found, unreadable


def _host_settings(looked: Looked) -> Mapping[str, object]:
    from hubctl.documents import DocumentError, read_document

    try:
        document = read_document(SETTINGS, looked.door.read(looked.host_settings))
    except (OSError, DocumentError):
        return {}
    return document.root if isinstance(document.root, dict) else {}


def _own_links(looked: Looked) -> list[Link]:
    """The links of ours that stand as they should: where they lead was not asked yet."""
    found = []
    for path in looked.links:
        view = looked.observer.link(path)
        value = None if view.problem else view.value()
        if isinstance(value, LinkTo):
            state = stands(looked.target.absolute(path), looked.door)
            found.append(Link(path=path, destination=value.destination, state=state, owned=True))
    return found
