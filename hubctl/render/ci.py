"""Renders the drift check as a CI workflow of a repository's host (`ci: github`, `ci: gitlab`).

The workflow needs no hub and no secret: it compares the checkout with its own lock. Nothing under
`commit: false`, where there is no lock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.model.address import Address
from hubctl.model.item import FileText, Item
from hubctl.model.state import Scope
from hubctl.render.origin import hash_origin
from hubctl.render.spec import is_committed, map_at, text_at

if TYPE_CHECKING:
    from hubctl.model.target import Subject

NAME = "ci"
_PACKAGE = "HUBCTL_PACKAGE"  # what to install: canonical names it, an index is not trusted blindly
_GITHUB = """\
name: hubctl drift

on:
  push:
  pull_request:

permissions:
  contents: read

concurrency:
  group: hubctl-drift-${{ github.ref }}
  cancel-in-progress: true

jobs:
  drift:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - uses: actions/checkout@v6
        with:
          persist-credentials: false
      - uses: actions/setup-python@v6
        with:
          python-version: "3.12"
      - run: python -m pip install 'HUBCTL_PACKAGE'
      - run: hubctl drift --path . --format github
"""
# `.gitlab-ci.yml` is the project's own; it takes this in with `include: local`.
_GITLAB = """\
hubctl-drift:
  stage: test
  image: python:3.12
  needs: []
  timeout: 10 minutes
  variables:
    GIT_STRATEGY: fetch
  script:
    - python -m pip install --quiet 'HUBCTL_PACKAGE'
    - hubctl drift --path . --format junit > hubctl-drift.xml || true
    - hubctl drift --path .
  artifacts:
    when: always
    expire_in: 1 week
    reports:
      junit: hubctl-drift.xml
"""
WORKFLOWS = {
    "github": (".github/workflows/hubctl-drift.yml", _GITHUB),
    "gitlab": (".gitlab/hubctl-drift.yml", _GITLAB),
}


def render(subject: Subject) -> tuple[Item, ...]:
    """One workflow file, or nothing."""
    workflow = WORKFLOWS.get(text_at(subject.spec, NAME))
    package = text_at(map_at(subject.document, "hub"), "package")
    if workflow is None or not package or not is_committed(subject):
        return ()
    path, text = workflow[0], workflow[1].replace(_PACKAGE, package)
    return (
        Item(
            address=Address(target=subject.target.name, path=path),
            value=FileText(text=f"{hash_origin(subject.canonical)}\n{text}"),
            scope=Scope.COMMITTED,
            renderer=NAME,
            spec=(NAME,),
        ),
    )
