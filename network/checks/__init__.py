"""What `doctor` looks at, what it tries out, and what it mends."""
