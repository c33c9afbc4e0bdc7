"""`datalake contract`: the tables as a data contract, for catalogs and other people's checks."""

import click

from datalake import __version__


@click.command("contract")
def write_contract() -> None:
    """Print the tables as a data contract: YAML of the Open Data Contract Standard."""
    import yaml

    from datalake.questions.registry import TABLES
    from datalake.schemas import VERSION
    from datalake.schemas.contract import data_contract

    document = data_contract(TABLES, VERSION, __version__)
    click.echo(yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100), nl=False)
