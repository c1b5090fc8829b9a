"""Output of the commands: files written whole, tables with units, a codebook, provenance."""
