"""A run in a browser, week by week, with and without the switch: ``python -m sim.live`` (the extra ``live``)."""
