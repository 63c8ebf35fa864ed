"""What comes of actions: one module a family of deeds, `turn` for a whole turn."""
