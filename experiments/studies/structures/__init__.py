"""The study structures: report, figures and sentences."""
