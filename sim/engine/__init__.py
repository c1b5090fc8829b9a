"""The engine below the rules: records, compilation, keyed random numbers, parameters."""
