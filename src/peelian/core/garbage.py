"""How often a server's process looks for garbage."""

import gc

# Objects made and not let go before the youngest are looked through; Python's own 700 are there after three requests
AT_ONCE = 20_000


def settle() -> None:
    """Call once when the program is loaded. Its code, templates and tables are garbage never: they are not looked
    through again (a tenth of a second each time), and what comes and goes with requests or messages more seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(AT_ONCE)
