"""Conversion of conf/ and the overrides of a user to one scenario, or to a list of every error.

`loading` joins the steps: `request` reads the overrides, `compose` reads the chosen files, `values` lays the first on
the second, and `sim.scenario` validates the result.
"""

from sim.config.loading import load as load
from sim.config.loading import scenarios as scenarios
from sim.config.loading import validate as validate
from sim.config.own_folder import CONF as CONF
from sim.config.own_folder import file_of as file_of
from sim.config.own_folder import folders_of as folders_of
from sim.config.own_folder import groups_in as groups_in
from sim.config.own_folder import passed_over as passed_over
from sim.config.own_folder import read_from as read_from
from sim.config.own_folder import source_in as source_in
from sim.config.request import OPTIONS as OPTIONS
from sim.config.request import ConfigurationError as ConfigurationError
from sim.config.request import Destination as Destination
from sim.config.request import Request as Request
from sim.config.request import Validation as Validation
from sim.config.request import levels_of as levels_of
from sim.config.request import no_values as no_values
