"""Duty: shifts, hand-offs, and the print-out of a shift."""
