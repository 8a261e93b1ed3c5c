"""The ``thecal`` command. Each command loads what it needs when it is run, so that ``thecal --help`` is quick."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from typer._click import exceptions as click  # typer has its own click and shows only a part of it

app = typer.Typer(
    name="thecal",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: drawing boxes would triple the time it takes
)
DATA_FOLDER = ".thecal"


@app.callback()
def thecal() -> None:
    """Thecal, the open intrathecal drug delivery system. A simulation; not a medical device."""


@app.command(short_help="Start pumps, clinic, patient programmers and patient's room.")
def up(
    data: Annotated[str | None, typer.Option(help="Data folder (default: $THECAL_DATA, else ./.thecal).")] = None,
    clinic_port: Annotated[int, typer.Option(min=1, max=65_535, help="Physician programmer.")] = 8470,
    patient_port: Annotated[int, typer.Option(min=1, max=65_535, help="Patient programmers.")] = 8471,
    room_port: Annotated[int, typer.Option(min=1, max=65_535, help="Patient's room.")] = 8472,
    with_damaged_memory: Annotated[
        bool, typer.Option("--with-damaged-memory", help="Start although a pump's memory is damaged; the pump alarms.")
    ] = False,
) -> None:
    """Seed the demonstration clinic the first time; start pumps, clinic, patient programmers and patient's room."""
    from thecal.run.up import UpOptions
    from thecal.run.up import up as run_up

    named = os.environ.get("THECAL_DATA") or DATA_FOLDER if data is None else data
    if not named:
        raise typer.BadParameter("name a folder", param_hint="--data")
    folder = Path(named)
    raise typer.Exit(run_up(UpOptions(folder, clinic_port, patient_port, room_port, with_damaged_memory)))


@app.command(short_help="Run a therapy without any server.")
def simulate(
    case: Annotated[
        str, typer.Argument(metavar="CASE", help="Case document, TOML or JSON; - reads standard input.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of tables.")] = False,
    plot: Annotated[str | None, typer.Option(help="Also draw the course into this SVG file.")] = None,
    sources: Annotated[bool, typer.Option("--sources", help="List each catalogue number with its source.")] = False,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON schema of a case and stop.")] = False,
) -> None:
    """Run a therapy without any server: dose delivered, drug at the tip, concentration and effect by level."""
    from thecal.cli.simulate import run_simulate, run_simulate_schema

    if schema:
        raise typer.Exit(run_simulate_schema())
    raise typer.Exit(run_simulate(_named(case, "CASE"), as_json, plot, every_number=sources))


@app.command(short_help="Work out a bridge, a prime, a refill, a mixture, a conversion.")
def plan(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="What to work out; left out: list the kinds.")] = "",
    document: Annotated[
        str, typer.Argument(metavar="DOCUMENT", help="Its inputs, TOML or JSON; - reads standard input.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of tables.")] = False,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON schema of its inputs and stop.")] = False,
) -> None:
    """Work out a plan: bridge, prime, refill, mixture, conversion and more; status 1 when it must not be used."""
    from thecal.cli.plan import run_plan, run_plan_kinds, run_plan_schema

    if schema:
        if not kind:
            raise typer.BadParameter("name a kind of plan; thecal plan lists them", param_hint="KIND")
        raise typer.Exit(run_plan_schema(kind))
    raise typer.Exit(run_plan(kind, document, as_json) if kind else run_plan_kinds(as_json))


@app.command(short_help="Check what is about to be done against every rule.")
def check(
    document: Annotated[
        str, typer.Argument(metavar="DOCUMENT", help="Plan to check, TOML or JSON; - reads standard input.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of tables.")] = False,
    site: Annotated[str | None, typer.Option(metavar="FILE", help="Site file with the limits of this clinic.")] = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON schema of a check and stop.")] = False,
) -> None:
    """Check what is about to be done against every rule; status 1 when a STOP or a REFUSE stands."""
    from thecal.cli.check import run_check, run_check_schema

    if schema:
        raise typer.Exit(run_check_schema())
    if document == site == "-":
        raise typer.BadParameter("only one document can come from standard input", param_hint="--site")
    raise typer.Exit(run_check(_named(document, "DOCUMENT"), as_json, site))


scenario = typer.Typer(no_args_is_help=True)
app.add_typer(scenario, name="scenario", short_help="Replay stories, with what must come of them.")


@scenario.callback()
def scenarios() -> None:
    """Stories, replayed through the real programmers, link endpoints, pump and body."""


@scenario.command("run", short_help="Replay one story and check its expectations.")
def scenario_run(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="Scenario document, TOML or JSON; - reads standard input.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of tables.")] = False,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON schema of a scenario and stop.")] = False,
) -> None:
    """Replay a story and check its expectations; status 1 when one is not met."""
    from thecal.cli.scenario import run_scenario, run_scenario_schema

    if schema:
        raise typer.Exit(run_scenario_schema())
    raise typer.Exit(run_scenario(_named(file, "FILE"), as_json))


@scenario.command("accidents", short_help="Replay published accidents and show what stands in their way.")
def scenario_accidents(
    folder: Annotated[
        str, typer.Argument(metavar="FOLDER", help="Folder of accident documents, TOML.")
    ] = "scenarios/accidents",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of tables.")] = False,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON schema of an accident and stop.")] = False,
) -> None:
    """Put published accidents before the rules; status 1 when one that was stopped no longer is."""
    from thecal.cli.accidents import run_accident_schema, run_accidents

    raise typer.Exit(run_accident_schema() if schema else run_accidents(folder, as_json))


pump = typer.Typer(no_args_is_help=True)
app.add_typer(pump, name="pump", short_help="Look into a pump on the bench.")


@pump.callback()
def pumps() -> None:
    """One pump on the bench."""


@pump.command("inspect", short_help="Step a pump one event at a time; state, supervisor, memory, what changed.")
def pump_inspect(
    named: Annotated[
        str, typer.Argument(metavar="CASE|MODEL", help="Case document (- reads standard input) or catalogue model.")
    ] = "",
    events: Annotated[
        int | None, typer.Option(min=1, max=10_000, help="Step so many events and stop; left out: type commands.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document; with --events.")] = False,
    site: Annotated[str | None, typer.Option(metavar="FILE", help="Site file: the model holds its limits.")] = None,
) -> None:
    """Step a pump event by event: controller, supervisor, both memory banks as bytes, and the truth beside them."""
    from thecal.cli.pump import run_pump_inspect

    raise typer.Exit(run_pump_inspect(_named(named, "CASE|MODEL"), events, as_json, site))


def _named(document: str, hint: str) -> str:
    if not document:
        raise typer.BadParameter("name a document, or - for standard input", param_hint=hint)
    return document


def main() -> None:
    """Run the command line: one clear line and status 2 for what cannot be used, 130 after Ctrl-C."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(
            errors="backslashreplace"
        )  # a terminal without × or µ gets them spelled, not a traceback
    try:
        status = app(standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.NoArgsIsHelpError as helped:
        print(helped.format_message())
        status = 2
    except click.ClickException as refused:
        where = f"{refused.ctx.command_path}: " if isinstance(refused, click.UsageError) and refused.ctx else ""
        print(f"{where}{' '.join(refused.format_message().split())}", file=sys.stderr)
        status = refused.exit_code
    except (typer.Abort, KeyboardInterrupt):
        status = 130
    except BrokenPipeError:  # whoever read our output has seen enough
        _say_no_more()
        status = 0
    except OSError as error:
        print(f"thecal: {error.filename or 'standard output'}: {error.strerror}", file=sys.stderr)
        _say_no_more()
        status = 2
    sys.exit(status)


def _say_no_more() -> None:
    """What is still in the buffer goes nowhere, so that the end of the process is silent."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


if __name__ == "__main__":
    main()
