"""The engine's process: llama.cpp on one thread, asked and answered in JSON lines."""
