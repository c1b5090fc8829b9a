"""Studies, one folder each: report, figures and measures, found by the folder's name."""

DEFAULT = "privacy_switch"
"""The study of a command that names none."""
MULTIRUN = "sweep"
"""The report of ``python -m sim -m``."""
