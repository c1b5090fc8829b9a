"""The arguments that the command of studies accepts, for completion by Tab (`sim.cli.completion`)."""

from experiments.evidence import cases
from experiments.studies import DEFAULT
from experiments.study import spec as studies
from experiments.study.arguments import FLAGS, SETTINGS, SHOW, WORD, choices
from sim.cli.completion import SHELLS, Offer, folders_in, keys_in
from sim.config import ConfigurationError
from sim.config.own_tables import texts_in, using
from sim.engine.constants import POLICIES


def offer(before: list[str], word: str) -> Offer:
    """Return studies, settings, factors of the typed study, groups and parameters; after ``report`` a path."""
    paths = ("--config-dir", "-cd", "config_dir", "folder", WORD)
    if WORD in before:
        return Offer(["--no-brief", "--no-figures"], {"folder": []}, {}, paths)
    folders = folders_in(before, "config_dir")
    own = folders[-1] if len(folders) > 1 else None
    named = [one.removeprefix("study=") for one in before if one.startswith("study=")]
    factors: dict[str, list[str]] = {}
    try:
        study = studies.load((named or [DEFAULT])[-1], own)
        factors = {name: [*study.levels.get(name, ())] for name in (*study.base, *study.aliases, *study.levels)}
    except ConfigurationError:
        pass  # the command reports it
    keys = keys_in(folders, word) | factors | {name: choices(name) for name in SETTINGS}
    with using(texts_in(own)):
        keys["case"] = cases.names()
    keys |= {"study": studies.names(own), "policy": [studies.STATUS_QUO, *POLICIES]}
    return Offer([*FLAGS, *SHOW, "--config-dir", WORD], keys, {"--completion": [*SHELLS]}, paths)
