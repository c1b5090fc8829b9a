"""Studies, one folder each: report, figures and measures, found by the folder's name."""
