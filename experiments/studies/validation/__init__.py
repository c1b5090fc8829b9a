"""The study validation: report, figures and sentences."""
