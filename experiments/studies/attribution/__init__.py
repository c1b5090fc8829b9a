"""The study attribution: report, figures and sentences."""
