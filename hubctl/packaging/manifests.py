"""The files around a plugin: its manifest, the marketplace that offers it, what people read first.

Pure. The version names the content unless somebody gives one: the client takes a plugin for new
when its version is another.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hubctl.model.hashing import hash_json
from hubctl.packaging.contents import PluginFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MARKETPLACE = ".claude-plugin/marketplace.json"
MANIFEST = ".claude-plugin/plugin.json"
README = "README.md"
_README = """\
# {name}

{description} It was made by `hubctl package` from that hub's canonical.yaml and needs no hubctl to
work: the files here are copies, so change them in the hub and package it again.

## Install

In Claude Code, add the folder or the git repository that holds this marketplace, then the plugin:

    /plugin marketplace add PATH-OR-REPOSITORY
    /plugin install {name}@{name}

{hooks}## What is in it

{parts}
"""
_HOOKS = """\
Its hooks need Python 3.11 or newer in the PATH, and nothing else. They keep what they record in
the folder that the client gives to the plugin, and send nothing anywhere. `HUBCTL_HOOKS=off` in
the environment switches all of them off; `/plugin` disables the whole.

"""


def plugin_name(hub: str) -> str:
    """The hub's name as the client wants names: small letters, digits, single hyphens."""
    return "-".join(part for part in hub.replace("_", "-").split("-") if part)


def package_files(
    name: str, plugin: Mapping[str, PluginFile], version: str
) -> dict[str, PluginFile]:
    """Every file of the whole folder: the marketplace, and the plugin below `plugins/`.

    Args:
        name: of both.
        plugin: path below the plugin → file.
        version: "" makes one of the content.
    """
    version = version or _version_of(plugin)
    description = f"Commands, skills, agents and hooks of the hub {name}."
    author = {"name": name}
    manifest = {
        "name": name,
        "description": description,
        "version": version,
        "author": author,
    }
    market = {
        "name": name,
        "owner": author,
        "description": description,
        "plugins": [
            {"name": name, "source": f"./plugins/{name}", "description": description},
        ],
    }
    readme = PluginFile(text=_readme(name, description, plugin))
    inner = {MANIFEST: _json(manifest), README: readme, **plugin}
    whole = {f"plugins/{name}/{path}": file for path, file in inner.items()}
    return dict(sorted({MARKETPLACE: _json(market), README: readme, **whole}.items()))


def _version_of(plugin: Mapping[str, PluginFile]) -> str:
    content = {path: [file.text, file.executable] for path, file in plugin.items()}
    return f"0.0.0-h{hash_json(content).removeprefix('sha256:')[:12]}"


def _readme(name: str, description: str, plugin: Mapping[str, PluginFile]) -> str:
    hooks = _HOOKS if "hooks/registry.json" in plugin else ""
    parts = "\n".join(_parts(name, plugin))
    return _README.format(name=name, description=description, hooks=hooks, parts=parts)


def _parts(name: str, plugin: Mapping[str, PluginFile]) -> Iterable[str]:
    for path in plugin:
        kind, _, rest = path.partition("/")
        if kind == "commands" and rest.endswith(".md"):
            yield f"- `/{name}:{rest.removesuffix('.md').replace('/', ':')}`"
        elif kind == "skills" and rest.endswith("/SKILL.md"):
            yield f"- skill `{rest.partition('/')[0]}`"
        elif kind in ("agents", "output-styles") and rest.endswith(".md"):
            yield f"- {kind.replace('-', ' ').removesuffix('s')} `{rest.removesuffix('.md')}`"
        elif path == "hooks/hooks.json":
            yield from (f"- hooks at {event}" for event in json.loads(plugin[path].text)["hooks"])


def _json(value: object) -> PluginFile:
    return PluginFile(text=json.dumps(value, indent=2, ensure_ascii=False) + "\n")
