"""Reading of the arguments and dispatch; nothing heavy is imported before that."""

import contextlib
import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.frame import INTERRUPTED, one_interrupt
from sim.config.shorthand import FLAGS, rewritten
from sim.engine.text import close
from sim.output.program import foreign

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.config import Request

_TAKE_A_VALUE = ("--config-dir", "-cd", "--config-name", "-cn", "--package", "-p", "--cfg", "-c", "--info", "-i")
_ALONE = ("--multirun", "-m", "--run", "-r", "--resolve", "--hydra-help")
_OURS = ("--help", "-h", "--version", "--phases", "--parameters", "--completion", *FLAGS)
_REFUSED = {
    "--experimental-rerun": "refused: it would unpickle a file; config.yaml of a run holds all its values",
    "--config-path": "refused; --config-dir adds a folder of your own",
    "-cp": "refused; --config-dir adds a folder of your own",
    "--shell-completion": "refused; --completion bash or --completion zsh prints what completes this command",
    "-sc": "refused; --completion bash or --completion zsh prints what completes this command",
}


def run(arguments: list[str]) -> int:
    """Do what was typed and return the exit code: 0 done, 1 failed, 2 bad input, 130 interrupted."""
    from sim.config import ConfigurationError
    from sim.output.files import unwritten

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
    from sim.cli import show

    if arguments[:1] == ["--complete"]:
        from sim.cli.completion import answer, offer

        return answer(arguments[1:], offer)
    if "--help" in arguments or "-h" in arguments:
        return show.show_help(_value(arguments, "--config-dir", "-cd"))
    if "--version" in arguments:
        return show.show_version()
    if any(one.split("=")[0] == "--completion" for one in arguments):
        return show.show_completion(arguments)
    if "--phases" in arguments:
        return show.show_phases()
    if "--parameters" in arguments:
        after = arguments[arguments.index("--parameters") + 1 :]
        return show.show_parameters(after[0] if after and not after[0].startswith("-") else "")
    return _validate_and_run(arguments)


def _validate_and_run(arguments: list[str]) -> int:
    from sim.config import ConfigurationError, Request, Validation, passed_over, read_from, validate
    from sim.config.own_tables import FACTS, errors_of_tables
    from sim.config.shorthand import quoted
    from sim.output.files import claimed

    overrides, flags, errors = _split(arguments)
    if not _has_studies() and not any(one.startswith("hydra/sweeper=") for one in overrides):
        overrides.append("hydra/sweeper=basic")
    folder = _taken(flags, errors, "--config-dir", "-cd")
    name = _taken(flags, errors, "--config-name", "-cn") or "config"
    multirun = "-m" in flags or "--multirun" in flags or any("hydra.mode=MULTIRUN" in one for one in overrides)
    showing = any(one.split("=")[0] in ("--cfg", "-c", "--info", "-i") for one in flags)
    request = Request(overrides, Path(folder) if folder else None, name, multirun or showing, not showing)
    validation, read = Validation(), ""
    if "--hydra-help" not in flags:
        validation = validate(request)
        validation.add(*passed_over(request, validation.files), *errors_of_tables(request.config_dir))
        errors += validation.errors
        read = read_from(request, [*validation.files, FACTS])
    as_study = multirun and not any(one.startswith("hydra/sweeper=") for one in overrides)
    if as_study and (error := foreign("experiments")):
        errors.append(f"-m: {error}")
    if showing and ("-m" in flags or "--multirun" in flags):
        errors.append("-m: leave it out to show a configuration")
    if "${" in str(Path.cwd()):  # Hydra writes the folder into its configuration, and would write to another one
        errors.append(f"{Path.cwd()}: the name of this folder would be evaluated; change to one without ${{")
    if errors:
        raise ConfigurationError(errors)
    if read:
        print(read, file=sys.stderr)
    words = [*flags, *(rewritten(one) for one in overrides)]
    if validation.place is None:
        return _hydra(words, arguments, request)
    with claimed(validation.place) as mine:
        if not multirun and _is_plain(overrides, flags):
            from sim.cli import single_run

            return _guarded(lambda: single_run.run_validated(validation, request, mine), arguments)
        return _hydra([*words, f"{validation.place.key}={quoted(str(mine))}"], arguments, request)


def _is_plain(overrides: list[str], flags: list[str]) -> bool:
    """Whether nothing is asked of Hydra but to compose: no setting of its own beside the folder of the run."""
    own = [one for one in overrides if one.lstrip("+~").startswith("hydra")]
    return set(flags) <= {"--run", "-r"} and all(one.startswith(("hydra.run.dir=", "hydra/sweeper=")) for one in own)


def _split(arguments: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Return overrides, Hydra's flags with their values, and the errors among the flags."""
    overrides, flags, errors = [], [], []
    waiting = list(arguments)
    while waiting:
        one = waiting.pop(0)
        name = one.split("=")[0]
        if one in FLAGS or not one.startswith("-"):
            overrides.append(one)
        elif name in _REFUSED:
            errors.append(f"{one}: {_REFUSED[name]}")
            if "=" not in one and waiting:
                waiting.pop(0)
        elif name in _TAKE_A_VALUE:
            flags.append(one)
            optional = name in ("--info", "-i")
            if "=" not in one and not waiting and not optional:
                errors.append(f"{one}: needs a value")
            elif "=" not in one and waiting and not (optional and "=" in waiting[0]):
                flags.append(waiting.pop(0))
        elif one in _ALONE:
            flags.append(one)
        else:
            known = [*_TAKE_A_VALUE, *_ALONE, *_OURS]
            errors.append(f"{one}: unknown option{close(name, known) or '; --help lists them'}")
    return overrides, flags, errors


def _has_studies() -> bool:
    """Return whether Hydra finds the sweeper of experiments/.

    The sweeper is installed as a plugin; in a clone it lies in a folder beside sim/.
    """
    folder = Path(__file__).resolve().parents[2] / "experiments" / "plugins"
    if folder.is_dir() and str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    try:
        return importlib.util.find_spec("hydra_plugins.insurgent_financing") is not None
    except ModuleNotFoundError:
        return False


def _taken(flags: list[str], errors: list[str], *names: str) -> str | None:
    """Return the value of an option and remove it from the flags, because Hydra would read it differently."""
    found = []
    for place in reversed([place for place, one in enumerate(flags) if one.split("=")[0] in names]):
        one = flags.pop(place)
        value = one.split("=", 1)[1] if "=" in one else flags.pop(place) if place < len(flags) else None
        if value == "":
            errors.append(f"{one}: needs a value")
        found.append(value)
    if len(found) > 1:
        errors.append(f"{names[0]}: is given {len(found)} times; one folder or name at a time")
    return found[-1] if found else None


def _value(arguments: list[str], *names: str) -> str | None:
    """Return the value of an option, written with a space or with =."""
    for place, one in enumerate(arguments):
        if one in names and place + 1 < len(arguments):
            return arguments[place + 1]
        if one.split("=")[0] in names and "=" in one:
            return one.split("=", 1)[1]
    return None


def _hydra(arguments: list[str], as_typed: list[str], request: "Request") -> int:
    """Hand over to Hydra, which composes, makes the folder and calls the job once, or once for each job of a sweep."""
    import hydra
    from hydra.core.plugins import Plugins

    from sim.cli import single_run
    from sim.config import CONF
    from sim.config.search_path import looking_in

    with contextlib.suppress(ImportError):  # Hydra looks for plugins once; something else may have called it before
        plugin = importlib.import_module("hydra_plugins.insurgent_financing")
        Plugins.instance().register(plugin.StudySweeper)
    typed = sys.argv
    sys.argv = [typed[0], *arguments]
    main = hydra.main(config_path=str(CONF), config_name=request.config_name, version_base="1.3")
    decorated: Any = main(single_run.job)
    try:
        with looking_in(request.config_dir):
            return _guarded(decorated, as_typed)
    finally:
        sys.argv = typed


def _guarded(run: "Callable[[], None]", as_typed: list[str]) -> int:
    """Run, and after Ctrl-C say what is kept; return the exit code."""
    from sim.cli import single_run

    single_run.arguments[:] = as_typed
    single_run.kept.clear()
    try:
        with one_interrupt():
            run()
    except KeyboardInterrupt as stop:
        said = [str(stop)] if isinstance(stop, single_run.Interrupted) else single_run.kept[-1:]
        if not said:
            raise
        print(f"\nInterrupted; {said[0]}", file=sys.stderr)
        return INTERRUPTED
    return 0
