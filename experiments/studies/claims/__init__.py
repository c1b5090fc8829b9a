"""The study claims: report, figures and sentences."""
