"""The bench: how fast the model is beside its plain twin, and what it holds (``make bench``)."""
