"""Tests, and their shared helpers: `worlds`, `laws`, `paired`, `studies`, and the plain twin."""
