"""One program on one save: a lock of the open file itself, which ends with the program."""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import msvcrt
    import os

    FAR = 1 << 62

    def take(handle: int) -> bool:
        """Lock an open file for this program alone; False where another one has it.

        One byte far behind its end is locked, so that others can still read it.
        """
        at = os.lseek(handle, 0, os.SEEK_CUR)
        try:
            os.lseek(handle, FAR, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(handle, at, os.SEEK_SET)
        return True

else:
    import fcntl

    def take(handle: int) -> bool:
        """Lock an open file for this program alone; False where another one has it.

        The lock belongs to the file, not to its name (a rename keeps it), and the system drops it
        when the program ends, however that ends: nothing is ever left behind to be cleaned up.
        """
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
