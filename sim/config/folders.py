"""The folders that hold values: conf/, and a user's own folder before it."""

from pathlib import Path

_HERE = Path(__file__).resolve().parent.parent
CONF: Path = next(folder for folder in (_HERE / "conf", _HERE.parent / "conf") if (folder / "config.yaml").exists())
"""The folder of the configuration: in a clone beside sim/, in an installed package inside it."""


def folders_of(config_dir: Path | None) -> list[Path]:
    """Return the folders in order of precedence: a user's own folder, if any, and conf/."""
    return [CONF] if config_dir is None else [config_dir, CONF]


def file_of(name: str, config_dir: Path | None) -> Path:
    """Return a file of conf/, or the user's own of that name."""
    found = [folder / name for folder in folders_of(config_dir)]
    return next((file for file in found if file.exists() or file.is_symlink()), found[-1])


def groups_in(folders: list[Path]) -> dict[str, list[str]]:
    """Return the groups and their options: folders of conf/ (and of the user) and the files in them."""
    found: dict[str, set[str]] = {}
    for folder in folders:
        for entry in folder.iterdir():
            options = {file.stem for file in entry.glob("*.yaml")} if entry.is_dir() else set()
            if options and entry.name not in ("hydra", "study") and not entry.name.startswith("."):
                found.setdefault(entry.name, set()).update(options)
    return {name: sorted(options) for name, options in sorted(found.items())}
