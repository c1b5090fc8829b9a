"""The study privacy_switch: report, figures and sentences."""
