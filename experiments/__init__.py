"""Studies: many runs of the model, their statistics, figures and briefs."""
