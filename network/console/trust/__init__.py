"""Trust: organizations, proposals and vouches."""
