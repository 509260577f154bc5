"""A process that makes one HEIC photograph anew: `python -m peelian.core.heif LONGEST`, the file on stdin, JPEG out.

Started by core.pictures, without our environment. Ends with REFUSED or TOO_LARGE where there is nothing to hand back.
"""

from __future__ import annotations

import resource
import sys

import pillow_heif

from peelian.core import pictures

MEMORY = 2 * 1024**3  # bytes: 50 million points take about 700 MB
SECONDS = 60  # of a processor


def main() -> int:
    for limit, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_FSIZE, 0)):
        resource.setrlimit(limit, (most, most))
    # The small picture that a file may carry besides need not show the same
    pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=2)
    try:
        made, _ = pictures.made_anew(sys.stdin.buffer.read(), int(sys.argv[1]), formats=("HEIF",))
    except pictures.TooManyPoints:
        return pictures.TOO_LARGE
    except pictures.Unreadable:
        return pictures.REFUSED
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
