"""The short names that things have in public addresses: nobody can guess or count them."""

import secrets
from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, models, transaction

M = TypeVar("M", bound=models.Model)
# Without vowels, so that none spells a word, and without signs that look alike
LETTERS = "23456789bcdfghjkmnpqrstvwxz"
LENGTH = 8  # one in 280,000,000,000


def new_ref(length: int = LENGTH) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def with_new_ref(model: type[M], make: Callable[[str], M]) -> M:
    """What MAKE makes with a ref that no other row of MODEL has."""
    while True:
        ref = new_ref()
        try:
            with transaction.atomic():
                return make(ref)
        except IntegrityError:
            if not model._base_manager.filter(ref=ref).exists():
                raise
