"""The error that lists everything wrong with a configuration."""

from sim.config.untrusted_yaml import shown


class ConfigurationError(ValueError):
    """An invalid configuration; `errors` lists every error."""

    def __init__(self, errors: list[str]) -> None:
        self.errors = errors
        count = f"{len(errors)} errors" if len(errors) > 1 else "1 error"
        super().__init__("\n  ".join([f"{count} in the configuration; nothing was run:", *map(shown, errors)]))
