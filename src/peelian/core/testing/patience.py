"""How long tests wait for what has to happen. Waiting ends when it has, so patience costs nothing while all is well."""

BUSY = 5  # times as long as on a machine to oneself: others may be using this one
