"""The demo's folder as a place to work in: build it, run commands in it, read and write files.

<home>/hub/                 the hub: canonical.yaml and a fragment
<home>/src/<repository>/    the four repositories
<home>/.claude/ …           the account, hubctl's state and cache
<home>/enter, env.sh, bin/  how to get in from outside
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from shlex import join, quote
from typing import TYPE_CHECKING

from hubctl.demo.hub import ACCOUNT, HUB
from hubctl.demo.repositories import REPOSITORIES
from hubctl.engine.journal import make_folders
from hubctl.errors import OperationError
from hubctl.model.item import LinkTo
from hubctl.system.background import started
from hubctl.system.private_home import own_program, private_environment
from hubctl.system.process import ProgramMissingError, run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from hubctl.demo.repositories import Repository
    from hubctl.system.files import Files
    from hubctl.system.process import Completed

OWNER, COLLEAGUE = "you", "a colleague"
_GIT_TIMEOUT_S = 60
_HUBCTL_TIMEOUT_S = 300
_DASHBOARD_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoWorld:
    """One demo.

    Attributes:
        home: real path of its folder. door: what writes there.
        look: variables that tell hubctl how its output may look (colour, width).
    """

    home: str
    door: Files = field(repr=False)
    look: Mapping[str, str] = field(default_factory=dict)

    @property
    def hub(self) -> str:
        """The hub's folder."""
        return f"{self.home}/hub"

    @property
    def state(self) -> str:
        """The hub's folder in hubctl's state folder."""
        return f"{self.home}/.local/state/hubctl/demo"

    def repository(self, name: str) -> str:
        """The folder of one repository."""
        return f"{self.home}/src/{name}"

    def hubctl(self, *arguments: str) -> Completed:
        """Run hubctl in the hub's folder, as the demo's user."""
        environment = private_environment(self.home) | dict(self.look)
        command = [*own_program(), *arguments]
        return run(command, timeout=_HUBCTL_TIMEOUT_S, env=environment, cwd=self.hub)

    def shell(self, command: str, folder: str, given: str) -> Completed:
        """Run a command line as the client runs a hook: in a shell, with its input on stdin."""
        environment = private_environment(self.home)
        return run(
            ["/bin/sh", "-c", command],
            timeout=_GIT_TIMEOUT_S,
            env=environment,
            input=given,
            cwd=folder,
        )

    def dashboard(self, *arguments: str) -> AbstractContextManager[str]:
        """The dashboard of this world, running; gives the address with its token."""
        command = [*own_program(), "dashboard", *arguments]
        environment = private_environment(self.home)
        return started(command, environment, self.hub, seconds=_DASHBOARD_S)

    def git(self, name: str, *arguments: str, author: str = OWNER, given: str = "") -> str:
        """Run git in one repository, with `given` on stdin; returns what it prints.

        Raises:
            OperationError: git is missing, or it failed.
        """
        address = f"{author.rpartition(' ')[2]}@example.org"
        person = ["-c", f"user.name={author}", "-c", f"user.email={address}"]
        command = ["git", "--no-pager", *person, "-C", self.repository(name), *arguments]
        try:
            environment = private_environment(self.home)
            done = run(command, timeout=_GIT_TIMEOUT_S, env=environment, input=given)
        except ProgramMissingError as error:
            hint = "the demo makes real git repositories: install git"
            raise OperationError(error.message, hint=hint) from error
        if done.returncode:
            raise OperationError(f"git {arguments[0]} failed in the demo: {done.complaint}")
        return done.stdout

    def commit(self, name: str, message: str, author: str = OWNER) -> None:
        """Commit everything in one repository."""
        self.git(name, "add", "--all")
        self.git(name, "commit", "--quiet", "--message", message, author=author)

    def write(self, path: str, content: bytes | LinkTo, *, executable: bool = False) -> None:
        """Put a file or a link at an absolute path, in place of what stands there."""
        make_folders(self.door, os.path.dirname(path), 0o777)
        if self.door.look(path) is not None:
            self.door.remove(path)
        if isinstance(content, LinkTo):
            self.door.link(content.destination, path, symbolic=True)
        else:
            self.door.write(path, content, 0o755 if executable else 0o644)

    def build(self) -> None:
        """Make everything there is before hubctl comes."""
        for path, text in HUB.items():
            self.write(f"{self.hub}/{path}", text.encode())
        for path, text in ACCOUNT.items():
            self.write(f"{self.home}/{path}", text.encode())
        for path, text in _entrances(self.home).items():
            self.write(f"{self.home}/{path}", text.encode(), executable=path != "env.sh")
        for repository in REPOSITORIES:
            self._build_repository(repository)

    def _build_repository(self, repository: Repository) -> None:
        root = self.repository(repository.name)
        for path, content in repository.tree.items():
            found = content if isinstance(content, LinkTo) else repository.data(path)
            self.write(f"{root}/{path}", found, executable=path in repository.executable)
        self.git(repository.name, "-c", "init.defaultBranch=main", "init", "--quiet")
        self.commit(repository.name, "Start")


def _entrances(home: str) -> dict[str, str]:
    """Path below the home → script: how people and tests get in from their own shell."""
    environment = private_environment(home)
    own = ("HOME", "XDG_", "GIT_CONFIG_", "PYTHONPATH")
    exports = [f"export {k}={quote(v)}" for k, v in environment.items() if k.startswith(own)]
    return {
        "env.sh": "\n".join(
            [
                "# Source this in a shell of its own, and that shell lives in the demo.",
                *exports,
                f'export PATH={quote(home)}/bin:"$PATH"',
                "unset CLAUDE_CONFIG_DIR HUBCTL_HUB GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE",
                "unset DBUS_SESSION_BUS_ADDRESS XDG_RUNTIME_DIR",
                f"cd {quote(f'{home}/hub')}",
                "",
            ]
        ),
        "enter": (
            "#!/bin/sh\n"
            "# Runs a command inside the demo, or a shell where none is given.\n"
            f". {quote(f'{home}/env.sh')}\n"
            '[ $# -gt 0 ] || set -- "${SHELL:-/bin/sh}"\n'
            'exec "$@"\n'
        ),
        "bin/hubctl": f'#!/bin/sh\nexec {join(own_program())} "$@"\n',
    }
