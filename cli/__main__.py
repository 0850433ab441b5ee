"""The `crm` command line. Each command is a module here, loaded when it is called."""

from importlib import import_module

import click

COMMANDS = {
    "run": "cli.run",
    "demo": "cli.demo",
    "import": "cli.importing",
    "check-names": "cli.name_checking",
    "policy": "cli.policies",
    "test": "cli.testing",
    "check": "cli.checking",
    "console": "cli.console",
    "sim": "cli.simulation",
    "bench": "cli.bench",
    "matcher": "cli.matcher",
}
"""Command -> module, whose `command` is a click command."""


class Commands(click.Group):
    """Loads a command's module only when it is needed, so that `crm` starts at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order in which a newcomer needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load the module of a command; None when there is no such command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name]).command
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="crm")
def main() -> None:
    """Customer-ownership rules that run themselves."""


if __name__ == "__main__":
    main()
