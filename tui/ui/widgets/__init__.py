"""The parts that screens are made of, one in a file."""
