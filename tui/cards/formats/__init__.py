"""The files that cards come in: other programs' pictures, archives and texts, and ours."""
