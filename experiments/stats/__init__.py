"""Estimates from paired runs and contrasts between cells."""
