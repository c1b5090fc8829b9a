"""Machinery of studies: from what is typed to tables; it knows no study by name."""
