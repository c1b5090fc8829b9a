"""The plain twin: the model of docs/odd.md written a second time, in plain Mesa, from that page, and from
what comparison with the model showed to be missing in it.

It shares with ``sim`` the scenario and nothing else. ``run(scenario)`` gives the weekly outcomes under the names of the
book; tests/test_twin.py checks that they are those of ``sim``, to the bit.
"""

from tests.twin.model import Model, run

__all__ = ["Model", "run"]
