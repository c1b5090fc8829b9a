"""The report on choice; see `experiments.studies.sweep.report`, whose tables it has for now."""

from experiments.studies.sweep.report import tables, text

__all__ = ["tables", "text"]
