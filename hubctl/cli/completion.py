"""`hubctl completion`: the script that completes commands, options and targets in a shell."""

from __future__ import annotations

import click

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> int:
    """Print the completion script for a SHELL.

    bash: hubctl completion bash > ~/.local/share/bash-completion/completions/hubctl
    zsh:  hubctl completion zsh > a file named _hubctl in your $fpath
    fish: hubctl completion fish > ~/.config/fish/completions/hubctl.fish
    """
    from click.shell_completion import get_completion_class

    from hubctl.cli.app import app
    from hubctl.cli.context import write

    found = get_completion_class(shell)
    assert found is not None
    write(found(app, {}, "hubctl", "_HUBCTL_COMPLETE").source() + "\n")
    return 0
