"""Saved plans: everything `apply --plan` needs, nothing masked, the same bytes for the same world.

Dumping and loading only; whoever writes the file makes it 0600. Loading trusts nothing: what does
not fit schemas/plan.schema.json is refused with its place.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hubctl.errors import UsageError
from hubctl.model.address import parse_address
from hubctl.model.change import Change, Plan, TargetPlan
from hubctl.model.hashing import hash_text
from hubctl.model.state import ABSENT, Action, Scope, Status
from hubctl.output.values import (
    Json,
    decode_finding,
    decode_location,
    decode_value,
    encode_finding,
    encode_location,
    encode_value,
)

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

FORMAT = "hubctl/plan"
VERSION = 1
HEAD = b'{\n "format": "hubctl/plan"'
"""The bytes that every saved plan begins with."""
SCHEMA = "schemas/plan.schema.json"
_HINT = "make it again: hubctl plan -o FILE"


def dump_plan(plan: Plan) -> str:
    """The plan as JSON text; key order inside values stays, for apply writes it so."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "hub": plan.hub,
        "canonical": plan.canonical,
        "revision": plan.revision,
        "targets": [_encode_target(target) for target in plan.targets],
        "findings": [encode_finding(finding) for finding in plan.findings],
    }
    return json.dumps({**document, "digest": _digest(document)}, indent=1) + "\n"


def _digest(document: Json) -> str:
    """Hash of everything else in the file: an edit by hand shows."""
    return hash_text(json.dumps(document))


def _encode_target(target: TargetPlan) -> Json:
    prints = target.fingerprints
    return {
        "target": target.target,
        "root": target.root,
        "in_sync": target.in_sync,
        "changes": [_encode_change(change) for change in target.changes],
        "findings": [encode_finding(finding) for finding in target.findings],
        "fingerprints": {path: prints[path] for path in sorted(prints)},
        "foreign": {path: list(target.foreign[path]) for path in sorted(target.foreign)},
    }


def _encode_change(change: Change) -> Json:
    return {
        "address": str(change.address),
        "scope": change.scope.value,
        "renderer": change.renderer,
        "status": change.status.value,
        "action": change.action.value,
        "desired": encode_value(change.desired),
        "observed": encode_value(change.observed),
        "recorded": change.recorded,
        "reason": change.reason,
        "decided_by": encode_location(change.decided_by),
        "sensitive": change.sensitive,
        "excepted": change.excepted,
        "take": change.take,
    }


def load_plan(text: str) -> Plan:
    """The plan that `dump_plan` wrote.

    Raises:
        UsageError: the text is no plan of this version; the message says what is wrong and where.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"the plan is no JSON document: {error}", hint=_HINT) from None
    _check_version(data)
    _check_schema(data)
    plan = Plan(
        hub=data["hub"],
        canonical=data["canonical"],
        revision=data["revision"],
        targets=tuple(_decode_target(target) for target in data["targets"]),
        findings=tuple(decode_finding(finding) for finding in data["findings"]),
    )
    if _digest({key: data[key] for key in data if key != "digest"}) != data["digest"]:
        raise UsageError("the plan was edited after it was saved", hint=_HINT)
    return plan


def _check_version(data: object) -> None:
    """Before the schema, so that a newer plan is told as such and not as a hundred misfits."""
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise UsageError(f"the file is no saved plan: its format is not {FORMAT}", hint=_HINT)
    if data.get("version") != VERSION:
        found = json.dumps(data.get("version"))
        message = f"the plan has format version {found}; this hubctl reads version {VERSION}"
        raise UsageError(message, hint=_HINT)


def _check_schema(data: object) -> None:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import relevance

    from hubctl.shipped import read_shipped

    validator = Draft202012Validator(json.loads(read_shipped(SCHEMA)))
    errors = sorted(validator.iter_errors(data), key=relevance)
    if errors:
        error = _innermost(errors[-1])
        raise UsageError(f"the plan is damaged at {_place(error)}: {_why(error)}", hint=_HINT)


def _innermost(error: ValidationError) -> ValidationError:
    """Of alternatives that all failed, the error of the one that was meant: its kind fits."""
    while error.context:
        branches: dict[object, list[ValidationError]] = {}
        for inner in error.context:
            branches.setdefault(inner.schema_path[0], []).append(inner)
        meant = [found for found in branches.values() if not any(map(_is_other_kind, found))]
        if len(meant) != 1:
            break
        error = meant[0][0]
    return error


def _is_other_kind(error: ValidationError) -> bool:
    steps = list(error.relative_path)
    return not steps[1:] and (
        error.validator == "const" or (not steps and error.validator == "type")
    )


def _place(error: ValidationError) -> str:
    steps = (f"[{key}]" if isinstance(key, int) else f".{key}" for key in error.absolute_path)
    return "".join(steps).removeprefix(".") or "its top"


def _why(error: ValidationError) -> str:
    """What jsonschema says, without the instance, which may be a secret or a page long."""
    match error.validator:
        case "required" | "additionalProperties":
            return error.message
        case "type":
            return f"expected {error.validator_value}"
        case "enum" | "const":
            return f"expected {json.dumps(error.validator_value)}"
    return f"it does not fit the schema ({error.validator})"


def _decode_target(data: dict[str, Any]) -> TargetPlan:
    name = data["target"]
    return TargetPlan(
        target=name,
        root=data["root"],
        in_sync=data["in_sync"],
        changes=tuple(_decode_change(name, change) for change in data["changes"]),
        findings=tuple(decode_finding(finding) for finding in data["findings"]),
        fingerprints=data["fingerprints"],
        foreign={path: tuple(pointers) for path, pointers in data["foreign"].items()},
    )


def _decode_change(target: str, data: dict[str, Any]) -> Change:
    address = parse_address(data["address"])
    if address.target != target:
        message = f"the plan is damaged: {data['address']} stands among the changes of {target}"
        raise UsageError(message, hint=_HINT)
    desired, observed = data["desired"], data["observed"]
    return Change(
        **data
        | {
            "address": address,
            "scope": Scope(data["scope"]),
            "status": Status(data["status"]),
            "action": Action(data["action"]),
            "desired": None if desired is None else decode_value(desired),
            "observed": ABSENT if observed is None else decode_value(observed),
            "decided_by": decode_location(data["decided_by"]),
        }
    )
