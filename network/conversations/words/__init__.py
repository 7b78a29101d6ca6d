"""The words that people use, by what they are about."""
