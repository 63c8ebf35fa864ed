"""How models/pocket.gguf is made: generated worlds, told and learned from, exported as GGUF."""
