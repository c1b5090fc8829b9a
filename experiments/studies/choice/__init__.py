"""The study choice: report, figures and sentences."""
