"""One turn, end to end: the Narrator, choices, guards, memory and what it tells the front ends."""
