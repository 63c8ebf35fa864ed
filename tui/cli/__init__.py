"""The command line: every command, its words and its exit codes.

0 is success, 1 an error (one sentence on stderr), 2 wrong usage.
"""

from tui.cli.commands import main

__all__ = ["main"]
