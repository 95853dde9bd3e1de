"""Worlds for tests that must hold in all of them: each one a small story, told by its name."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tests.support.cli import LOCK, MODEL, SETTINGS

if TYPE_CHECKING:
    from tests.support.cli import Account

FILE = "src/api/" + SETTINGS
RICH = (
    MODEL
    + """\
      env: {SHELL_COLOUR: "a value nobody needs to see"}
      permissions: {allow: [Bash(make *)], deny: [Read(.env)]}
      rules: [house]
    conventions: [Small commits.]
"""
)
UNTIL = "exceptions: [{{address: 'api:{}', reason: a trial, until: {}}}]\n"


def new(account: Account) -> None:
    account.canonical(RICH)
    account.put("hub/rules/house.md", "Tidy up.\n")
    account.repository("api", '{"theme": "dark"}\n')


def clean(account: Account) -> None:
    new(account)
    account.apply()


def replaced(account: Account, old: str, new: str) -> None:
    account.put(FILE, account.read(FILE).replace(old.encode(), new.encode()))


def drifted(account: Account) -> None:
    clean(account)
    replaced(account, "sonnet", "opus")


def drifted_secret(account: Account) -> None:
    clean(account)
    replaced(account, "a value nobody needs to see", "another value nobody needs to see")


def missing(account: Account) -> None:
    clean(account)
    (account.home / "src/api/.claude/rules/house.md").unlink()
    (account.home / "src/api/CLAUDE.md").unlink()


def pending(account: Account) -> None:
    clean(account)
    account.canonical(RICH.replace("sonnet", "haiku"))


def orphan(account: Account) -> None:
    clean(account)
    account.canonical(RICH.replace("      rules: [house]\n", ""))


def edited_orphan(account: Account) -> None:
    orphan(account)
    account.put("src/api/.claude/rules/house.md", "mine\n")


def both_moved(account: Account) -> None:
    pending(account)
    replaced(account, "sonnet", "opus")


def foreign_value(account: Account) -> None:
    new(account)
    account.put(FILE, '{"model": "opus", "env": {"SHELL_COLOUR": "something else entirely"}}\n')


def unmanaged(account: Account) -> None:
    clean(account)
    replaced(account, '"theme"', '"x-mine": 1, "theme"')


def unreadable(account: Account) -> None:
    clean(account)
    account.put(FILE, "{ // mine\n}\n")


def unreadable_and_drifted(account: Account) -> None:
    missing(account)
    account.put(FILE, "{ // mine\n}\n")


def excepted(account: Account) -> None:
    drifted(account)
    account.canonical(RICH + UNTIL.format(f"{SETTINGS}#/model", "2999-01-01"))


def expired(account: Account) -> None:
    drifted(account)
    account.canonical(RICH + UNTIL.format(f"{SETTINGS}#/model", "2020-01-01"))


def no_lock(account: Account) -> None:
    clean(account)
    (account.home / "src/api" / LOCK).unlink()


def damaged_lock(account: Account) -> None:
    clean(account)
    account.put("src/api/" + LOCK, "<<<<<<< HEAD\n")


def no_repository(account: Account) -> None:
    clean(account)
    shutil.rmtree(account.home / "src/api")


def not_on_this_machine(account: Account) -> None:
    account.repository("elsewhere")
    account.canonical("hub: {name: acme}\nrepositories: {api: {language: python}}\n")


def shadowed(account: Account) -> None:
    clean(account)
    account.put("src/api/.claude/settings.local.json", '{"model": "opus"}\n')


def interrupted(account: Account) -> None:
    clean(account)
    next(account.state.glob("*/journal/*/done")).unlink()


def warned(account: Account) -> None:
    clean(account)
    account.canonical(RICH.replace("rules: [house]", "rules: [house, nowhere]"))


ALL = (
    new,
    clean,
    drifted,
    drifted_secret,
    missing,
    pending,
    orphan,
    edited_orphan,
    both_moved,
    foreign_value,
    unmanaged,
    unreadable,
    unreadable_and_drifted,
    excepted,
    expired,
    no_lock,
    damaged_lock,
    no_repository,
    not_on_this_machine,
    shadowed,
    interrupted,
    warned,
)
