"""`crm matcher`: learn the weights of the duplicate check from names, and the words of trades."""

import json
from pathlib import Path

import click

SEED = 5
POPULATION = 100_000
EACH = 300
FOLDER = click.option(
    "--data",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with the names.  [default: $CRM_MATCHER_DATA, else the sample]",
)


@click.group("matcher")
def command() -> None:
    """Learn the weights of the duplicate check from names, and the words of trades."""


@command.command("train")
@FOLDER
@click.option("--population", default=POPULATION, show_default=True, help="Names to find among.")
@click.option("--each", default=EACH, show_default=True, help="Questions of every kind.")
@click.option("--seed", default=SEED, show_default=True, help="Another seed makes other names.")
def train(folder: Path | None, population: int, each: int, seed: int) -> None:
    """Learn from the development half; write the weights file with figures of the test half.

    The same data and options give the same file, byte for byte. People review the difference.
    """
    from cli.matcher.data import DEVELOPMENT, TEST, data_folder, fingerprint, read
    from cli.matcher.experiment import Experiment
    from cli.matcher.quality import measure
    from cli.matcher.training import learn, write
    from services.customers.domain.model import Model

    place = data_folder(folder)
    data = read(place)
    experiment = Experiment.of(data, population, each, seed, note=click.echo)
    learnt = learn(experiment.judged(DEVELOPMENT))
    figures = measure(experiment.judged(TEST), Model.from_dict(learnt), experiment.identity)
    made_of = {
        "data": fingerprint(place),
        "population": population,
        "questions of a kind": each,
        "seed": seed,
    }
    write(learnt | {"learnt from": made_of, "test half": figures.to_dict()})
    click.echo(json.dumps(learnt, ensure_ascii=False, indent=2))
    for goal in figures.missed():
        click.echo(f"goal not reached: {goal}")


@command.command("words")
@FOLDER
def words(folder: Path | None) -> None:
    """Find the words of trades in registered and listed names; write their table."""
    from cli.matcher.data import data_folder, read
    from cli.matcher.words import TABLE, write_trades

    data = read(data_folder(folder))
    full = [name for name, _ in data.registered] + [name for _, name in data.listed]
    click.echo(f"{write_trades(full, TABLE)} words written to {TABLE}")
