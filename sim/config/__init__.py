"""Conversion of conf/ and the overrides of a user to one scenario, or to a list of every error.

`loading` joins the steps: `overrides` reads the arguments, `compose` reads the chosen files, `values` lays the first
on the second, and `sim.scenario` validates the result.
"""

from sim.config.errors import ConfigurationError
from sim.config.folders import CONF, file_of, folders_of, groups_in
from sim.config.loading import (
    composed,
    load,
    scenarios,
    source_in,
    validate,
)
from sim.config.overrides import levels_of, no_values
from sim.config.own_folder import passed_over, read_from
from sim.config.requests import OPTIONS, Destination, Request, Validation

__all__ = [
    "CONF",
    "OPTIONS",
    "ConfigurationError",
    "Destination",
    "Request",
    "Validation",
    "composed",
    "file_of",
    "folders_of",
    "groups_in",
    "levels_of",
    "load",
    "no_values",
    "passed_over",
    "read_from",
    "scenarios",
    "source_in",
    "validate",
]
