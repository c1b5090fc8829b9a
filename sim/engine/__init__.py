"""What carries the rules: records, compilation, keyed random numbers, parameters."""
