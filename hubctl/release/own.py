"""A hub's own hook modules as part of a release: where they stand in it, and whose they are.

One release serves every hub of an account, so an install for one hub carries over what the others
have in the release in use.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubctl.release.content import OWN

if TYPE_CHECKING:
    from collections.abc import Mapping

_INIT = "__init__.py"
_WORDS = '"""Hooks of hubs on this machine; hubctl copies them from the hub\'s folder hooks/."""\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnModules:
    """The own modules of one hub.

    Attributes:
        hub: the part of the path that belongs to the hub (`own_package` of the catalog), "" for
            nobody's: then whatever the release in use has stays.
        texts: file name → text.
    """

    hub: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)

    def owns(self, path: str) -> bool:
        """Whether a path of a release belongs to this hub."""
        return bool(self.hub) and path.startswith(f"{OWN}{self.hub}/")


NOBODYS = OwnModules()


def with_own(
    base: Mapping[str, str], own: OwnModules, carried: Mapping[str, str]
) -> dict[str, str]:
    """The modules of a release: `base`, those of the hub, and `carried` of all others."""
    found = {path: text for path, text in carried.items() if not own.owns(path)}
    if own.texts:
        found |= {f"{OWN}{own.hub}/{name}": text for name, text in own.texts.items()}
    folders = {path.rpartition("/")[0] for path in found}
    packages = {f"{folder}/{_INIT}": _WORDS for folder in folders | {OWN.rstrip("/")}}
    return dict(sorted({**base, **(packages if found else {}), **found}.items()))
