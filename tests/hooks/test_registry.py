"""The literal table agrees with the contract, with the hooks' modules and with itself."""

from __future__ import annotations

import importlib
from pathlib import Path

import jsonschema
import pytest

from hubctl.system.hooks_package import contract, package_folder, registry

EVERY = pytest.mark.parametrize("hook", registry.HOOKS, ids=lambda hook: hook.id)


@EVERY
def test_rows_name_what_exists(hook: registry.Hook) -> None:
    module = importlib.import_module(hook.module)
    assert callable(module.decide)
    assert (module.__doc__ or "").startswith(f"{hook.id}: ")
    assert hook.events and set(hook.events) <= set(contract.EVENTS)
    assert not hook.tools or set(hook.events) & set(contract.TOOL_EVENTS)


@EVERY
def test_rows_are_well_formed(hook: registry.Hook) -> None:
    assert hook.id == hook.id.lower() and "_" not in hook.id
    assert hook.description.endswith(".") and hook.description.count(". ") == 0
    assert 0 < hook.deadline <= 30
    assert hook.on_error in (registry.OPEN, registry.CLOSED)
    assert not (hook.observing and hook.on_error == registry.CLOSED)


@EVERY
def test_defaults_fit_their_schema_and_each_option_is_described(hook: registry.Hook) -> None:
    jsonschema.Draft202012Validator.check_schema(hook.schema)
    jsonschema.validate(hook.options, hook.schema)
    properties = hook.schema["properties"]
    assert set(properties) == set(hook.options)
    assert all(properties[name].get("description", "").endswith(".") for name in properties)


def test_ids_and_modules_are_unique_and_every_module_has_a_row() -> None:
    assert len({hook.id for hook in registry.HOOKS}) == len(registry.HOOKS)
    folder = Path(package_folder())
    found = {
        ".".join(path.relative_to(folder.parent).with_suffix("").parts)
        for path in (folder / "families").rglob("*.py")
        if path.name != "__init__.py"
    }
    assert found == {hook.module for hook in registry.HOOKS}


@pytest.mark.parametrize(
    "name", ["dora-tracker", "DORA_Tracker.py", " dora_tracker ", "Dora-Tracker"]
)
def test_ids_match_however_they_are_written(name: str) -> None:
    hook = registry.find(name)
    assert hook is not None and hook.id == "dora-tracker"


@pytest.mark.parametrize("name", ["", "dora", "dora-tracker.sh", "doratracker"])
def test_other_names_match_nothing(name: str) -> None:
    assert registry.find(name) is None
