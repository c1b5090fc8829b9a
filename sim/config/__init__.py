"""Conversion of conf/ and the overrides of a user to one scenario, or to a list of every error.

`loading` joins the steps: `overrides` reads the arguments, `compose` reads the chosen files, `values` lays the first
on the second, and `sim.scenario` validates the result.
"""

from sim.config.errors import ConfigurationError as ConfigurationError
from sim.config.folders import CONF as CONF
from sim.config.folders import file_of as file_of
from sim.config.folders import folders_of as folders_of
from sim.config.folders import groups_in as groups_in
from sim.config.loading import composed as composed
from sim.config.loading import load as load
from sim.config.loading import scenarios as scenarios
from sim.config.loading import source_in as source_in
from sim.config.loading import validate as validate
from sim.config.overrides import levels_of as levels_of
from sim.config.overrides import no_values as no_values
from sim.config.own_folder import passed_over as passed_over
from sim.config.own_folder import read_from as read_from
from sim.config.requests import OPTIONS as OPTIONS
from sim.config.requests import Destination as Destination
from sim.config.requests import Request as Request
from sim.config.requests import Validation as Validation
