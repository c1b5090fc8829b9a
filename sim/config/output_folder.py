"""The output folder, validated before anything runs."""

import os
from pathlib import Path
from typing import Any

from hydra.core.hydra_config import HydraConfig
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from sim.config.compose import opened
from sim.config.folders import CONF
from sim.config.requests import STUDY, Destination, Request, Validation
from sim.config.untrusted_yaml import no_path


def as_study(base: dict[str, Any] | None) -> bool:
    """Return whether the jobs of a sweep are made one study."""
    sweeper: Any = ((base or {}).get("hydra") or {}).get("sweeper") or {}
    return bool(sweeper.get("_target_") == STUDY)


def validate_folder(
    request: Request, base: dict[str, Any] | None, jobs: list[list[str]], validation: Validation
) -> None:
    """Validate that the output folder is new and can probably be made; a study may resume in the folder of a study.

    The folder is claimed only when it is made (`sim.output.files`), so another command may come first.
    """
    kind = "sweep" if request.sweep else "run"
    key = f"hydra.{kind}.dir"
    raw = str(((base or {}).get("hydra") or {}).get(kind, {}).get("dir"))
    found = [] if base is None else _folders_of(request, raw, key, jobs, validation)
    if not found:
        return
    if len(set(found)) > 1:
        validation.add(f"{key}={raw}: jobs differ in it, but a sweep has one folder; hydra.sweep.subdir may differ")
        return
    folder = Path(found[0])
    if error := no_path(folder) or ("no path may hold ${" if "${" in found[0] else ""):
        validation.add(f"{key}={found[0]}: {error}")
        return
    packaged: Any = OmegaConf.to_container(OmegaConf.load(CONF / "config.yaml"), resolve=False)
    default = raw == str(packaged["hydra"][kind]["dir"])
    place = Destination(folder, key, default, request.sweep and as_study(base))
    if not place.default and (folder.exists() or folder.is_symlink()) and not place.goes_on:
        validation.add(place.taken)
    above = next(parent for parent in folder.absolute().parents if parent.exists())
    if not folder.exists() and above.exists() and not os.access(above, os.W_OK | os.X_OK):
        validation.add(f"{key}={folder}: cannot be made; {above} cannot be written")
    validation.place = place


def _folders_of(request: Request, raw: str, key: str, jobs: list[list[str]], validation: Validation) -> list[str]:
    """Return the output folder as Hydra will read it, of the first and the last job if it depends on their values."""
    try:
        return [str(OmegaConf.create({"dir": raw}).dir)]  # it depends on nothing but the time
    except OmegaConfBaseException:
        if validation.errors:
            return []
    folders: list[str] = []
    held, first = HydraConfig.instance(), None
    outer = held.cfg
    try:
        with opened(request) as (compose, _):
            for job in jobs:
                held.cfg = config = compose(job)
                if first is not None:
                    OmegaConf.copy_cache(first, config)  # the same time
                first = first or config
                folders.append(str(OmegaConf.select(config, key)))
    except OmegaConfBaseException:
        validation.add(f"{key}={raw}: cannot be known before the run")
        return []
    finally:
        held.cfg = outer
    return folders
