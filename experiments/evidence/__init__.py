"""Published figures, measures of runs that have one, and what follows for parameters."""
