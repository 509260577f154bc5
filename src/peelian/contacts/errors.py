class BadAddress(ValueError):
    """That is not an address a message can go to; the words say what is wrong with it and never repeat it."""
