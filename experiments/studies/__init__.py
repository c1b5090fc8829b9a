"""Studies, one folder each: report, figures and measures, found by the folder's name."""

DEFAULT = "headline"
"""The study of a command that names none."""
FULL = "privacy_switch"
"""The study that the word ``full`` means."""
MULTIRUN = "sweep"
"""The report of ``python -m sim -m``."""
