"""Reading of the arguments and dispatch; nothing heavy is imported before that."""

import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sim.cli import show
from sim.cli.arguments import Line, read
from sim.cli.completion import answer, offer
from sim.cli.frame import INTERRUPTED, one_interrupt, saying
from sim.config import CONF, ConfigurationError, Request, Validation, passed_over, read_from, validate
from sim.config.own_tables import FACTS, errors_of_tables
from sim.config.shorthand import quoted, rewritten
from sim.output.files import claimed, unwritten
from sim.output.program import foreign


def run(arguments: list[str]) -> int:
    """Do what was typed and return the exit code: 0 done, 1 failed, 2 bad input, 130 interrupted."""
    try:
        with one_interrupt():
            return _run(arguments)
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Interrupted; nothing was written.", file=sys.stderr)
        return INTERRUPTED
    except OSError as error:
        print(unwritten(error), file=sys.stderr)
        return 1


def _run(arguments: list[str]) -> int:
    if arguments[:1] == ["--complete"]:
        return answer(arguments[1:], offer)
    line = read(arguments)
    if "--help" in line.options:
        return show.show_help(line.options.get("--config-dir"))
    if "--version" in line.options:
        return show.show_version()
    if "--completion" in line.options:
        return show.show_completion(arguments)
    if "--phases" in line.options:
        return show.show_phases()
    if "--parameters" in line.options:
        return show.show_parameters(line.options["--parameters"])
    return _validate_and_run(line, arguments)


def _validate_and_run(line: Line, arguments: list[str]) -> int:
    overrides, options, errors = line.overrides, line.options, line.errors
    chosen = any(one.startswith("hydra/sweeper=") for one in overrides)
    if not chosen and find_spec("experiments") is None:
        overrides.append("hydra/sweeper=basic")
        chosen = True
    folder = options.pop("--config-dir", "")  # Hydra would search it last
    name = options.pop("--config-name", "") or "config"
    multirun = "--multirun" in options or any("hydra.mode=MULTIRUN" in one for one in overrides)
    showing = "--cfg" in options or "--info" in options
    plan_only = options.pop("--plan", None) is not None
    if plan_only and (not multirun or chosen):
        errors.append("--plan: only of a sweep that is one study (-m)")
    request = Request(overrides, Path(folder) if folder else None, name, multirun or showing, not showing)
    validation, own = Validation(), ""
    if "--hydra-help" not in options:
        with saying("Reading the configuration"):
            validation = validate(request)
        validation.add(*passed_over(request.config_dir, validation.files), *errors_of_tables(request.config_dir))
        errors += validation.errors
        own = read_from(request.config_dir, [*validation.files, FACTS])
    if multirun and not chosen and (error := foreign("experiments")):
        errors.append(f"-m: {error}")
    if showing and "--multirun" in options:
        errors.append("-m: leave it out to show a configuration")
    if "${" in str(Path.cwd()):  # Hydra writes the folder into its configuration, and would write to another one
        errors.append(f"{Path.cwd()}: the name of this folder would be evaluated; change to one without ${{")
    if errors:
        raise ConfigurationError(errors)
    if own:
        print(own, file=sys.stderr)
    words = [f"{option}={value}" if value else option for option, value in options.items()]
    words += map(rewritten, overrides)
    with saying("Reading the program"):
        from sim.cli import single_run

    place = validation.place
    if place is None:
        return _hydra(words, arguments, request)
    if plan_only:
        return single_run.guarded(lambda: _sweep(request, validation, place.folder, plan_only), arguments)
    with claimed(place) as mine:
        settings = [one for one in overrides if one.lstrip("+~").startswith("hydra")]
        folder_alone = all(one.startswith(("hydra.run.dir=", "hydra/sweeper=")) for one in settings)
        if not multirun and options.keys() <= {"--run"} and folder_alone:  # Hydra has only to compose
            job = single_run.Job(validation, request, mine)
            return single_run.guarded(lambda: single_run.run(job), arguments)
        if place.study:
            return single_run.guarded(lambda: _sweep(request, validation, mine), arguments)
        return _hydra([*words, f"{place.key}={quoted(str(mine))}"], arguments, request)


def _sweep(request: Request, validation: Validation, folder: Path, plan_only: bool = False) -> int:
    """Make all jobs of a sweep as one study, by the function that conf/hydra/sweeper/study.yaml names."""
    from hydra.utils import get_method

    hydra = validation.base["hydra"]
    if "basic_launcher" not in str(hydra.get("launcher")):
        print("hydra/launcher has no effect: a study starts its own workers", file=sys.stderr)
    known = ("workers", "chunk", "params")
    workers, chunk, params = (hydra["sweeper"].get(name) for name in known)
    errors = [f"hydra.sweeper.{one}: unknown key" for one in hydra["sweeper"] if one not in ("_target_", *known)]
    if not isinstance(params, dict | None):
        errors.append(f"hydra.sweeper.params={params}: must be keys with values, such as {{seed: '1,2'}}")
    if errors:
        raise ConfigurationError(errors)
    more = [f"{key}={value}" for key, value in (params or {}).items() if key not in request.typed]
    request = replace(request, overrides=[*more, *request.overrides], writes=False)
    sweep = get_method(hydra["sweeper"]["_target_"])
    return int(sweep(request, folder, validation.base["seed"], workers, chunk, plan_only))


def _hydra(arguments: list[str], as_typed: list[str], request: Request) -> int:
    """Hand over to Hydra, which composes, makes the folder and calls the job once, or once for each job of a sweep."""
    import hydra

    from sim.cli import single_run
    from sim.config.compose import looking_in

    typed = sys.argv
    sys.argv = [typed[0], *arguments]
    main: Any = hydra.main(config_path=str(CONF), config_name=request.config_name, version_base="1.3")
    try:
        with looking_in(request.config_dir):
            return single_run.guarded(main(single_run.job), as_typed)
    finally:
        sys.argv = typed
