"""Measurements, against a carrier of our own over HTTP: speed as ratios, and what bad days lose."""
