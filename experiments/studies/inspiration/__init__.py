"""The study inspiration: report, figures and sentences."""
