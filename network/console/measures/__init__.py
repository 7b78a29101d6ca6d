"""Measures, coverage and zones."""
