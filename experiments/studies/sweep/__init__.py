"""The study sweep: report, figures and sentences."""
