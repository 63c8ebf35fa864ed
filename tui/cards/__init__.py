"""Cards: who can be talked with, and which tales can be played."""
