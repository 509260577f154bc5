"""The one list of addresses: two with the same address and other methods have to stand on one list."""

from ninja import Router

router = Router()
