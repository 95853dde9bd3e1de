"""`hubctl new`: a project that is right from its first second."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubctl.fleet.world import World
    from hubctl.scaffold.sources import Source

_LICENCES = ("MIT", "BSD-3-Clause", "ISC", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """What was asked for, and what canonical.yaml becomes with it.

    Attributes:
        name: of the target. path: absolute folder. data: canonical.yaml with its entry.
        answers: to the template's questions. trust: it may run programs of its own.
        with_git: it becomes a git repository.
        knows_test_command: canonical.yaml says already how its tests are run.
    """

    name: str
    path: str
    data: bytes
    source: Source
    answers: Mapping[str, object]
    trust: bool
    with_git: bool
    knows_test_command: bool


@click.command()
@click.argument("path")
@click.option(
    "--language",
    metavar="LANGUAGE",
    help="python, typescript, rust, go or generic. Default: what the profiles say, else generic.",
)
@click.option(
    "--template", metavar="SRC", help="A copier template of one's own: folder or git URL."
)
@click.option("--trust", is_flag=True, help="Let that template run programs of its own.")
@click.option("--name", help="Default: the folder's name.")
@click.option("--profile", "profiles", multiple=True, help="May be given more than once.")
@click.option("--description", help="One sentence for README and canonical.yaml.")
@click.option(
    "--licence",
    type=click.Choice(_LICENCES),
    help="Its licence; none keeps all rights. Default: `hub.answers.licence`, else MIT.",
)
@click.option("--test-command", help="How its tests are run. Default: the language's usual one.")
@click.option(
    "-d", "--data", "given", multiple=True, metavar="KEY=VALUE", help="Answer to a question."
)
@click.option("--no-git", is_flag=True, help="No git repository.")
@click.pass_obj
def command(hub_path: str | None, /, path: str, **asked: object) -> int:
    """Make a new project at PATH, under the hub from the start.

    Files for its language with tests and linters that pass at once, a git repository, an entry in
    canonical.yaml, and everything that the hub renders. Ends with the project's own health.
    """
    from hubctl.cli.new_plan import project_of
    from hubctl.cli.recovery import open_settled

    world = open_settled(hub_path)
    project = project_of(world, path, asked)
    _make(world, project)
    return _finish(hub_path, project)


def _make(world: World, project: Project) -> None:
    """Files, canonical.yaml and what it renders: all of it, or nothing."""
    from hubctl.cli.context import say
    from hubctl.cli.recovery import require_settled
    from hubctl.fleet.apply import writing
    from hubctl.fleet.canonical_edit import require_valid, rewrite
    from hubctl.scaffold.project import make
    from hubctl.system.git_projects import start_repository
    from hubctl.system.project_folders import folder_beside, put_in_place, take_back

    with writing(world), folder_beside(project.path) as folder:
        require_settled(world)
        make(project.source, folder, project.answers, trust=project.trust)
        if project.with_git:
            start_repository(folder)
        put_in_place(folder, project.path)
        try:
            data = _with_test_command(world, project)
            require_valid(world, data)
            rewrite(world, data, f"new {project.name}")
        except BaseException:
            take_back(project.path)
            raise
    template = f"{project.source.url} {project.source.version}".strip()
    say([f"{project.path}: from {template}; {project.name} is in {world.files.path}"])


def _with_test_command(world: World, project: Project) -> bytes:
    """canonical.yaml, which also says how the template runs its tests."""
    from hubctl.config.edit_repositories import set_repository
    from hubctl.scaffold.update import answers_of

    answer = answers_of(project.path).get("test_command")
    if project.knows_test_command or not isinstance(answer, str) or not answer:
        return project.data
    path = ("test_command",)
    return set_repository(project.data, project.name, path, answer, file=world.files.path)


def _finish(hub_path: str | None, project: Project) -> int:
    """Render what the hub wants there, commit, and say how it stands."""
    from hubctl.cli.context import open_world, options, say, write
    from hubctl.cli.release import install_hooks
    from hubctl.fleet.apply import Carrying, carry_out, require_sound, writing
    from hubctl.fleet.world import Request
    from hubctl.health.result import exit_code
    from hubctl.health.shown import text
    from hubctl.health.subject import Subject
    from hubctl.health.table import run_checks
    from hubctl.system.git_projects import commit_all

    world = open_world(hub_path)
    with writing(world):
        plan = world.plan(Request(names=(project.name,)))
        require_sound(plan)
        install_hooks(world, plan)
        outcomes = carry_out(world, plan, Carrying(command=f"new {project.name}"))
    say(f"{outcome.message}" for outcome in outcomes if outcome.failed)
    if project.with_git:
        why_not = commit_all(project.path, f"Start {project.name}")
        say([f"not committed: {why_not}"] if why_not else [])
    subject = Subject(lambda: open_world(hub_path), world.places, names=(project.name,))
    results = run_checks(subject, full=False, progress=lambda _title: None)
    write(text(results, options()))
    say([f"Next: cd {project.path}"])
    return exit_code(results)
