"""Tables on the terminal; where the output goes elsewhere they are not cut to 80 columns."""

from rich.console import Console
from rich.table import Table

WIDE = 220


def show_table(table: Table) -> None:
    """Print a table; its texts are shown as they are, not read as markup."""
    console = Console(markup=False, emoji=False)
    if not console.is_terminal:
        console = Console(markup=False, emoji=False, width=WIDE)
    console.print(table)
