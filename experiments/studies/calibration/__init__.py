"""The study calibration: report, figures and sentences."""
