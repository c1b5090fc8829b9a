"""The study traceability: report, figures and sentences."""
