"""`python -m tui` is `fabletop`."""

from tui.cli import main

if __name__ == "__main__":
    main()
