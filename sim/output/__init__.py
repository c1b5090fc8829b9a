"""What commands write: files as a whole, tables with units, a codebook, where results come from."""
