"""What hatchling asks for: a wheel carries ``conf/`` in ``sim``, an editable install reads the clone's."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ConfHook(BuildHookInterface[Any]):
    """Puts ``conf/`` into a wheel as ``sim/conf``."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the folder, unless *version* is "editable"."""
        if version == "standard":
            build_data["force_include"]["conf"] = "sim/conf"
