"""The arguments that the command of studies accepts, for completion by Tab (`sim.cli.completion`)."""

from experiments.evidence import cases
from experiments.messages import languages
from experiments.studies import DEFAULT, FULL
from experiments.study import spec as studies
from experiments.study.arguments import (
    BRIEF,
    BRIEF_KEYS,
    EXPORT,
    FLAGS,
    FORMS,
    FULL_STUDY,
    GROUP,
    PROFILE,
    SETTINGS,
    SHOW,
    WORD,
    choices,
)
from sim.cli.completion import SHELLS, Offer, folders_in, keys_in
from sim.config import ConfigurationError
from sim.config.own_tables import texts_in, using
from sim.engine.constants import POLICIES


def offer(before: list[str], word: str) -> Offer:
    """Return studies, settings, factors of the typed study, groups and parameters; paths after report and brief."""
    paths = ("--config-dir", "-cd", "config_dir", "folder", WORD)
    if before[:1] == [EXPORT]:
        return Offer([], {}, {}, (EXPORT, *before[-1:]))
    if WORD in before:
        return Offer(["--full", "--no-brief", "--no-figures"], {"folder": []}, {}, paths)
    if before[:1] == [BRIEF]:
        return _of_brief(before, word)
    folders = folders_in(before, "config_dir")
    own = folders[-1] if len(folders) > 1 else None
    typed = [f"study={FULL}" if one == FULL_STUDY else one for one in before]
    named = [one.removeprefix("study=") for one in typed if one.startswith("study=")]
    factors: dict[str, list[str]] = {}
    try:
        study = studies.load((named or [DEFAULT])[-1], own)
        factors = {name: [*study.levels.get(name, ())] for name in (*study.base, *study.aliases, *study.levels)}
        factors |= {GROUP: factors[PROFILE]} if PROFILE in factors else {}
    except ConfigurationError:
        pass  # the command reports it
    keys = keys_in(folders, word) | factors | {name: choices(name) for name in SETTINGS}
    with using(texts_in(own)):
        keys["case"] = cases.names()
    keys |= {"study": studies.names(own), "policy": [studies.STATUS_QUO, *POLICIES]}
    return Offer(
        [*FLAGS, *SHOW, "--config-dir", WORD, BRIEF, EXPORT, FULL_STUDY], keys, {"--completion": [*SHELLS]}, paths
    )


def _of_brief(before: list[str], word: str) -> Offer:
    """Return the keys of a brief and their values; a path first, and where a word begins no key."""
    keys = {key: list[str]() for key in BRIEF_KEYS} | {"language": languages(), "form": [*FORMS]}
    path = before[-1:] if len(before) == 1 or not any(key.startswith(word.partition("=")[0]) for key in keys) else []
    return Offer([], keys, {}, ("sections", "template", "folder", *path))
