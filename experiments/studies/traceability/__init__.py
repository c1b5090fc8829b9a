"""The study of this name."""
