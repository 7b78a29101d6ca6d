"""What a new network lacks: the rows, the rules and the words."""
