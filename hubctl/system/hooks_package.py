"""Makes `hooks_shared` importable and names its folder: the one way hubctl reaches the package.

A wheel carries it as data below `hubctl/_data`, not as a second top-level package; a checkout has
it beside `hubctl`. Either way it is the code that `hubctl apply` installs, so what is rendered
and what runs cannot differ.
"""

from __future__ import annotations

import importlib.util
import sys

from hubctl.errors import OperationError
from hubctl.shipped import shipped

PACKAGE = "hooks_shared"


def package_folder() -> str:
    """Absolute path of the folder of `hooks_shared`."""
    return shipped(PACKAGE)


def _make_importable() -> None:
    folder = package_folder()
    loaded = sys.modules.get(PACKAGE)
    if loaded is not None and list(loaded.__path__) == [folder]:
        return
    spec = importlib.util.spec_from_file_location(
        PACKAGE, f"{folder}/__init__.py", submodule_search_locations=[folder]
    )
    if spec is None or spec.loader is None:
        raise OperationError(f"{folder} is missing", hint="install hubctl again")
    module = importlib.util.module_from_spec(spec)
    sys.modules[PACKAGE] = module
    try:
        spec.loader.exec_module(module)
    except OSError as error:
        del sys.modules[PACKAGE]
        raise OperationError(f"{folder}: {error}", hint="install hubctl again") from error


def witnessed(hook_folder: str) -> list[dict[str, object]]:
    """What sessions saw change of what is ours, oldest first; one sealed record each."""
    from hooks_shared.writes import witness

    return witness.read(hook_folder)


_make_importable()

from hooks_shared import compiled, contract, places, registry, repair, store  # noqa: E402

__all__ = [
    "compiled",
    "contract",
    "package_folder",
    "places",
    "registry",
    "repair",
    "store",
    "witnessed",
]
