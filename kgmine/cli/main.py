"""`kgmine`: the command line. Commands import what they need when they run, so that `--help` answers at once."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final

import click

COMMANDS: Final[Mapping[str, tuple[str, str]]] = {
    "init": ("kgmine.cli.project:init", "Write a commented kgmine.yaml and a first template."),
    "doctor": ("kgmine.cli.project:doctor", "Say what is there and what is missing."),
    "ingest": ("kgmine.cli.ingest:ingest", "Read a corpus folder into a workspace's graph."),
    "run": ("kgmine.cli.run:run", "Do everything: from a corpus folder to proved benchmark splits."),
    "query": ("kgmine.cli.query:query", "Run a Cypher query on the graph."),
    "schema": (
        "kgmine.cli.schema:schema",
        "Show what the graph holds; check, show, export and import your own schema.",
    ),
    "import": (
        "kgmine.cli.imports:import_",
        "Take an existing graph: a Neo4j database, neo4j-admin CSV or JSON lines.",
    ),
    "graph": ("kgmine.cli.graph:graph", "Push to a server, list what users changed there, export the graph."),
    "template": ("kgmine.cli.template:template", "Write, lint, count, explain, preview and test path templates."),
    "sample": ("kgmine.cli.template:sample", "Draw matches of a template as JSON lines."),
    "export": ("kgmine.cli.export:export", "Write the splits as training files for LLaMA-Factory or TRL."),
    "verify": ("kgmine.cli.proof:verify", "Prove an export again: derivations, sources, uniqueness, leaks."),
    "show": ("kgmine.cli.proof:show", "Print one sample with its proof; write the page crops."),
    "funnel": ("kgmine.cli.proof:funnel", "Say what became of each document and template."),
    "train": ("kgmine.cli.train:train", "Tune a language model on the top slice of an export."),
    "evaluate": ("kgmine.cli.evaluate:evaluate", "Examine a model on held-out splits or your own rows; compare."),
}
"""Name -> (module:command, one line of help)."""


class Lazy(click.Group):
    """A group that knows its commands' names and one-line helps without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="kgmine", prog_name="kgmine")
def app() -> None:
    """Folders of documents become knowledge graphs, and graphs become benchmarks whose every answer is proved."""


def run(arguments: list[str] | None = None) -> None:
    """Entry point: our errors become one clear line and an exit code."""
    from schemas.errors import KgmineError

    try:
        code: Any = app.main(args=arguments, prog_name="kgmine", standalone_mode=False)
    except click.exceptions.Abort:
        _end("stopped; run the same command again to go on", 130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except KgmineError as error:
        _end(str(error), error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    sys.exit(code if isinstance(code, int) else 0)


def _end(message: str, code: int) -> None:
    click.echo(f"kgmine: {message}", err=True)
    sys.exit(code)
