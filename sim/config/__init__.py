"""Conversion of conf/ and the overrides of a user to one scenario, or to a list of every error.

`loading` joins the steps: `request` reads the overrides, `compose` reads the chosen files, `values` lays the first on
the second, and `sim.scenario` validates the result.
"""

from sim.config.loading import load, scenarios, validate
from sim.config.own_folder import CONF, file_of, folders_of, groups_in, passed_over, read_from, source_in
from sim.config.request import OPTIONS, ConfigurationError, Destination, Request, Validation, levels_of, no_values

__all__ = [
    "CONF", "OPTIONS", "ConfigurationError", "Destination", "Request", "Validation", "file_of", "folders_of",
    "groups_in", "levels_of", "load", "no_values", "passed_over", "read_from", "scenarios", "source_in", "validate",
]  # fmt: skip
