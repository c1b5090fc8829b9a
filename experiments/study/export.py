"""``python -m experiments export FOLDER [FILE]``: the runs of a study in long form, a row a run and outcome.

The file is read without this project: by pandas, polars, DuckDB or R, from CSV or Parquet.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from experiments.study.arguments import EXPORT as WORD
from experiments.study.chunk import OVER
from experiments.study.design import Plan
from experiments.study.saved_plan import check_runs, load, readable
from sim.cli.frame import saying
from sim.config import ConfigurationError
from sim.outcomes import OF_THE_RUN, OUTCOMES
from sim.output.files import replacing
from sim.output.tables import harmless

FORMS = (".csv.gz", ".csv", ".parquet")
_USUAL = "long.csv.gz"
_BATCH = 2_000  # runs
_ID = ("run", "replication", "draw", "seed")


def run(arguments: Sequence[str]) -> Path:
    """Write the long form of a study and return the file.

    Args:
        arguments: a folder, and perhaps a file, which must not exist yet.

    Raises:
        ConfigurationError: with every error; nothing is written then.
        OSError: if it cannot be written.
    """
    if not 1 <= len(arguments) <= 2:
        raise ConfigurationError([f"{WORD}: needs the folder of a study, and perhaps a file: {WORD} FOLDER [FILE]"])
    folder, file = Path(arguments[0]), Path(*arguments[1:2])
    file = folder / _USUAL if len(arguments) == 1 else file
    errors = (
        []
        if (folder / "runs.parquet").is_file()
        else [f"{WORD} {folder}: no study that has been run (no runs.parquet)"]
    )
    if not file.name.endswith(FORMS):
        errors.append(f"{WORD} {file}: allowed is a name that ends in {', '.join(FORMS)}")
    if file.exists():
        errors.append(f"{WORD} {file}: exists already; nothing is written over")
    if errors:
        raise ConfigurationError(errors)
    plan = load(folder, ours=False)
    with readable(folder / "runs.parquet"):
        check_runs(plan, pq.read_table(folder / "runs.parquet", columns=["run"])["run"].to_pylist(), folder)
    tables = long_of(plan, folder / "runs.parquet")
    with saying(f"Writing {file}"), readable(folder / "runs.parquet"), replacing(file, new=True) as aside:
        first = next(tables)
        if file.suffix == ".parquet":
            with pq.ParquetWriter(aside, first.schema, compression="zstd") as parquet:
                for table in (first, *tables):
                    parquet.write_table(table)
        else:
            packing = "gzip" if file.suffix == ".gz" else None
            with (
                pa.output_stream(aside, compression=packing) as out,
                pa_csv.CSVWriter(out, _harmless(first).schema) as csv,
            ):
                for table in (first, *tables):
                    csv.write_table(_harmless(table))
    return file


def _harmless(table: pa.Table) -> pa.Table:
    """Return a table no word of which is a formula in a spreadsheet."""
    for place, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            words = pa.array(map(harmless, table[field.name].to_pylist()), field.type)
            table = table.set_column(place, field, words)
    return table.rename_columns([*map(harmless, table.column_names)])


def long_of(plan: Plan, runs: Path) -> Iterator[pa.Table]:
    """Yield the finished runs in long form: study, run, replication, draw, seed, factors, outcome, window, value, unit.

    ``window`` is the number of weeks after the switch that the outcome is a mean of; empty if it is of the whole run.
    """
    file = pq.ParquetFile(runs)
    schema = file.schema_arrow
    factors = [name for name in plan.factors if name in schema.names]
    last = schema.get_field_index("error")
    drawn = {one.name for group in plan.groups for one in group.ranges} - {*factors}
    outcomes = [name for name in schema.names[last + 1 :] if name not in drawn]
    units = {name: (schema.field(name).metadata or {}).get(b"unit", b"").decode() for name in outcomes}
    whole = {name for name in outcomes if name in OF_THE_RUN or not (name in OUTCOMES or OVER.fullmatch(name))}
    windows = pa.array([plan.cells[cell].scenario.report.window for cell in plan.run_cells()], pa.int64())
    place = 0
    for batch in file.iter_batches(_BATCH):
        every = pa.Table.from_batches([batch])
        mine = windows.slice(place, len(every))
        place += len(every)
        good = pc.is_null(every["error"])
        every, mine = every.filter(good), mine.filter(good.combine_chunks())
        parts = []
        for name in outcomes:
            beside = None if name in whole else OVER.fullmatch(name)
            window = pa.nulls(len(every), pa.int64()) if name in whole else mine
            window = pa.repeat(pa.scalar(int(beside[2])), len(every)) if beside else window
            base = beside[1] if beside else name
            about = {"study": pa.repeat(plan.name, len(every))} | {one: every[one] for one in (*_ID, *factors)}
            about |= {"outcome": pa.repeat(base, len(every)), "window": window, "value": every[name]}
            parts.append(pa.table(about | {"unit": pa.repeat(units[name], len(every))}))
        yield pa.concat_tables(parts).replace_schema_metadata(None)
