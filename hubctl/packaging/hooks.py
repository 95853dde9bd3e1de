"""The hooks of a plugin: handlers, the registry they read, the modules they run.

Handlers and registry are those that a repository would get; only the line that starts them differs:
it knows no path of this machine, and where no Python is found it asks instead of refusing, since
nobody here can repair it with hubctl.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hubctl.fleet.hooks.own import release_texts
from hubctl.model.item import FileText, Handler
from hubctl.model.target import Facts, Subject, Target
from hubctl.packaging.contents import PluginFile
from hubctl.release.content import our_content
from hubctl.release.own import OwnModules, with_own
from hubctl.render import hook_registry
from hubctl.render import hooks as hook_handlers
from hubctl.shipped import read_shipped
from hubctl.system.hook_modules import read_modules
from hubctl.system.hooks_package import compiled, contract

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hubctl.fleet.world import World

FOLDER = "hooks"
# They look after what hubctl installs and renders, which is not there.
NEED_HUBCTL = ("config-guard", "release-check")
_ROOT = "${CLAUDE_PLUGIN_ROOT}/hooks/launch"
_GONE = "the plugin with this guard is not whole: install it again, or disable it with /plugin"
_NO_PYTHON = "its hooks need Python 3.11 or newer, which is not in the PATH"


def hook_files(
    world: World, plugin: str, entries: Mapping[str, Sequence[Mapping[str, Any]]]
) -> tuple[dict[str, PluginFile], tuple[str, ...]]:
    """Path below the plugin → file, and what is left out; nothing where no hook is wanted."""
    kept, left_out = _kept(world, entries)
    subject = _subject(world, kept)
    groups: dict[str, list[dict[str, object]]] = {}
    answers: dict[str, PluginFile] = {}
    for item in hook_handlers.render(subject):
        if not isinstance(item.value, Handler):
            continue
        event = item.address.fragment.removeprefix("hook:").partition("/")[0]
        entry = dict(item.value.entry)
        if item.value.ours:
            lane = _lane(entry)
            entry["command"] = _command(event, lane)
            answers |= _answers(plugin, event, lane)
        groups.setdefault(event, []).append({"matcher": item.value.matcher, "hooks": [entry]})
    if not groups:
        return {}, left_out
    document = {"description": f"Hooks of {plugin}.", "hooks": dict(sorted(groups.items()))}
    files = {f"{FOLDER}/hooks.json": PluginFile(text=_json(document)), **answers}
    return files | (_program(world, subject) if answers else {}), left_out


def _kept(
    world: World, entries: Mapping[str, Sequence[Mapping[str, Any]]]
) -> tuple[dict[str, list[Mapping[str, Any]]], tuple[str, ...]]:
    kept: dict[str, list[Mapping[str, Any]]] = {}
    left_out: dict[str, None] = {}
    home = world.places.home
    for event, listed in entries.items():
        for entry in listed:
            name = compiled.normal_id(str(entry.get("hook") or ""))
            text = json.dumps(entry.get("handler") or {})
            if name in NEED_HUBCTL:
                left_out[f"hook {name}: it looks after hubctl's own files"] = None
            elif f"{home}/" in text or "~/" in text:
                left_out[f"a handler of {event}: it names a path of this account"] = None
            else:
                kept.setdefault(event, []).append(entry)
    return kept, tuple(left_out)


def _subject(world: World, hooks: Mapping[str, Sequence[Mapping[str, Any]]]) -> Subject:
    """A repository that wants these hooks and nothing else, nowhere in particular."""
    return Subject(
        target=Target(name="package", root="/nonexistent"),
        facts=Facts(),
        machine=world.compiler.machine,
        hub=world.hub,
        canonical="canonical.yaml",
        spec={"name": "package", "enabled": True, "commit": True, "hooks": hooks},
        sources={"hooks": read_modules(world.files.folder)},
        document=world.compiler.head.document,
    )


def _lane(entry: Mapping[str, object]) -> str:
    if entry.get("async"):
        return "async"
    return "closed" if entry.get("onFailure") == "block" else "open"


def _command(event: str, lane: str) -> str:
    """A shell line; `sh` on a missing script exits 2 in some shells, which blocks by chance."""
    gone = f"{{ echo '{_GONE}' >&2; exit 2; }}" if lane == "closed" else "exit 0"
    return f'l="{_ROOT}"; [ -r "$l" ] || {gone}; exec sh "$l" {event} {lane}'


def _answers(plugin: str, event: str, lane: str) -> dict[str, PluginFile]:
    """What the launcher says where no hook can run; nothing of what only observes."""
    if lane == "async":
        return {}
    if lane == "closed" and event == "PreToolUse":
        reason = f"{plugin} could not check this: {_NO_PYTHON}. Let it through?"
        verdict = contract.Verdict(decision=contract.ASK, reason=reason)
    else:
        verdict = contract.Verdict(message=f"{plugin}: {_NO_PYTHON}")
    text, _, _ = contract.encode(event, verdict)
    return {f"{FOLDER}/answers/{event}-{lane}": PluginFile(text=text)} if text else {}


def _program(world: World, subject: Subject) -> dict[str, PluginFile]:
    """The dispatcher, every module, the registry, and what starts them."""
    package, texts = release_texts(world)
    own = OwnModules(hub=package, texts=texts)
    modules = with_own(our_content(world.door).base(), own, {})
    files = {f"{FOLDER}/{path}": PluginFile(text=text) for path, text in modules.items()}
    for name, executable in (("launch", True), ("start.py", False)):
        text = read_shipped(f"templates/plugin/hooks/{name}")
        files[f"{FOLDER}/{name}"] = PluginFile(text=text, executable=executable)
    files[f"{FOLDER}/registry.json"] = PluginFile(text="".join(_registry(subject)))
    return files


def _registry(subject: Subject) -> Iterator[str]:
    for item in hook_registry.render(subject):
        if isinstance(item.value, FileText):
            yield item.value.text.replace(", then run hubctl apply", ", then run hubctl package", 1)


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
