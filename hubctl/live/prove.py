"""Runs the client on a copy of a target's settings and tells what it made of them.

The client is started once for what it runs, and once more in a folder below. The target is only
read; everything else happens in a scratch folder that is removed in the end.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hubctl.check.settings_lint import lint_hits
from hubctl.errors import OperationError
from hubctl.live.entries import entries_of, read_settings
from hubctl.live.judge import judge_entries, judge_files
from hubctl.live.play import ALLOWED, PROMPT, REFUSABLE, command_line_settings, model, turns
from hubctl.live.result import Proof
from hubctl.live.scratch import Scratch
from hubctl.live.seen import SOURCES, Seen, look_at
from hubctl.live.stand_in import Place, stand_in
from hubctl.live.telling import refusals, telling
from hubctl.system.client import client_variables, client_version, stub_environment
from hubctl.system.clock import nanoseconds
from hubctl.system.private_home import make_private_home, remove_private_home
from hubctl.system.process import run
from hubctl.system.stub_model import Turn, serve_model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubctl.check.client.rule import Place as FilePlace
    from hubctl.check.client.schema import SettingsSchema
    from hubctl.live.judge import Lint
    from hubctl.live.result import Entry, SettingsFile
    from hubctl.model.target import Machine, Target
    from hubctl.system.files import Files
    from hubctl.system.places import Places
    from hubctl.system.process import Completed
    from hubctl.system.stub_model import StubModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Prover:
    """Everything that is the same for each target.

    Attributes:
        client: absolute path of its program. hub: name of the hub. seconds: for one start of it.
    """

    client: str
    hub: str
    machine: Machine
    places: Places
    door: Files
    schema: SettingsSchema
    seconds: float

    def prove(self, target: Target) -> Proof:
        """Run the client on a copy of the settings that count for `target`.

        Raises:
            OperationError: it does not start, asks the model nothing, or does not end in time.
        """
        base = make_private_home(None, "hubctl-live-")
        try:
            return _Run(self, target, Scratch(base=base, door=self.door)).proof()
        finally:
            remove_private_home(base)

    def files(self, target: Target) -> tuple[SettingsFile, ...]:
        """The settings files that are there: the account's, and the repository's two."""
        places: list[tuple[str, str, FilePlace]] = [
            ("host:.claude/settings.json", f"{self.places.config_dir}/settings.json", "host")
        ]
        if not target.is_host:
            shared, local = ".claude/settings.json", ".claude/settings.local.json"
            places += [
                (f"{target.name}:{shared}", target.absolute(shared), "committed"),
                (f"{target.name}:{local}", target.absolute(local), "local"),
            ]
        return tuple(
            read_settings(address, path, place, data)
            for address, path, place in places
            if (data := self._data(path)) is not None
        )

    def _data(self, path: str) -> bytes | None:
        try:
            return self.door.read(path)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise OperationError(f"{path} cannot be read: {error.strerror}") from error


class _Run:
    """One target in one scratch folder."""

    def __init__(self, prover: Prover, target: Target, scratch: Scratch) -> None:
        self._prover = prover
        self._target = target
        self._scratch = scratch
        self._twin = scratch.twin(prover.machine, prover.hub)

    def proof(self) -> Proof:
        began = nanoseconds()
        files = self._prover.files(self._target)
        entries = entries_of(files, self._prover.machine)
        scratch, prover = self._scratch, self._prover
        scratch.build(self._target, prover.machine, self._twin, prover.places)
        with serve_model(model(turns(scratch.repository))) as stub:
            self._write_stand_ins(files, entries, stub.url)
            version = client_version(prover.client, self._environment(stub))
            done = self._start(stub, scratch.repository, PROMPT, "--init")
        seen = self._seen(files, stub, done)
        below = self._holds_below(seen)
        lint = self._lint(files, version)
        judged = judge_files(files, seen, lint)
        told = judge_entries(entries, judged, seen, lint)
        findings = telling(
            self._target.name, judged, told, seen, below=below, complaints=done.stderr
        )
        return Proof(
            target=self._target.name,
            client=version,
            milliseconds=(nanoseconds() - began) // 1_000_000,
            files=judged,
            entries=told,
            refused=(REFUSABLE,) if refusals(seen) else (),
            below=below,
            findings=tuple(findings),
        )

    def _write_stand_ins(
        self, files: Sequence[SettingsFile], entries: Sequence[Entry], url: str
    ) -> None:
        scratch, prover = self._scratch, self._prover
        place = Place(marks=scratch.marks, url=url, machine=prover.machine, twin=self._twin)
        for file in files:
            if not file.problem:
                own = {entry.at: entry for entry in entries if entry.place == file.place}
                text = stand_in(file, own, place, prover.schema.knows)
                scratch.write(scratch.settings(file.place), text)

    def _environment(self, stub: StubModel) -> dict[str, str]:
        return stub_environment(self._scratch.home, stub.url)

    def _start(self, stub: StubModel, folder: str, prompt: str, *more: str) -> Completed:
        settings = command_line_settings(self._scratch.marks, client_variables(stub.url))
        command = [
            *(self._prover.client, "-p", prompt, "--settings", settings, "--strict-mcp-config"),
            *("--permission-mode", "default", "--allowedTools", ",".join(ALLOWED)),
            *("--debug-file", self._scratch.log, *more),
        ]
        return run(command, timeout=self._prover.seconds, env=self._environment(stub), cwd=folder)

    def _seen(self, files: Sequence[SettingsFile], stub: StubModel, done: Completed) -> Seen:
        if not stub.requests():
            raise OperationError(
                f"the client ended without a word to the model: {done.complaint[:300]}",
                hint=f"try it by hand: {self._prover.client} -p hello",
            )
        scratch = self._scratch
        segments = scratch.spool(self._twin).values()
        seen = look_at(scratch.written(), stub.posts, scratch.log_text(), segments)
        real = {scratch.settings(file.place): file.path for file in files}
        notes = {real[path]: said for path, said in seen.notes.items() if path in real}
        return replace(seen, notes=notes)

    def _holds_below(self, seen: Seen) -> bool | None:
        """Whether local hooks are registered in a folder below, too."""
        if not any(source == SOURCES["local"] for source, _, _ in seen.registered):
            return None
        with serve_model(lambda _: Turn(text="fine")) as stub:
            self._start(stub, self._scratch.below, "Hello.")
        again = look_at({}, stub.posts, "", ())
        return any(source == SOURCES["local"] for source, _, _ in again.registered)

    def _lint(self, files: Sequence[SettingsFile], version: str) -> Lint:
        return {
            file.path: lint_hits(
                file.document, scope=file.place, client=version, schema=self._prover.schema
            )
            for file in files
            if file.document is not None
        }
