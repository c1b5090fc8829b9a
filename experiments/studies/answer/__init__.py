"""The study answer: report, figures and sentences."""
