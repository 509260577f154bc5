"""Where somebody means, from a postcode or the name of a place, or from a point of a map; kept as an H3 cell alone, so
that no answer says in which house."""

from __future__ import annotations

import h3
from django.utils.translation import gettext as _

from peelian.places import queries as places
from peelian.places.cells import from_units
from peelian.places.models import Area

IDENTIFIED, ANONYMOUS = 9, 8  # H3 resolutions: cells about 350 m and 900 m across
LONGEST = 80  # characters


class NotFoundThere(ValueError):
    """What was typed is no postcode and no place that we know."""

    def __str__(self) -> str:
        return _("We do not know that place. Give a postcode, like HS1 2AB, or the name of a neighbourhood")


def cell_of(typed: str, resolution: int) -> str:
    """The cell of a postcode or of the middle of a named area. Raises NotFoundThere."""
    postcode = places.postcode(typed)
    if postcode is not None:
        return _cell(*from_units(postcode.longitude, postcode.latitude), resolution)
    found = places.current_areas().filter(kind__in=Area.ADMINISTRATIVE, name__iexact=typed.strip()).first()
    if found is None:
        raise NotFoundThere
    middle = places.shape(found).representative_point()
    return _cell(middle.x, middle.y, resolution)


def cell_at(longitude: float, latitude: float, resolution: int) -> str:
    """The cell of a point of the map. Raises NotFoundThere for what is no place on Earth."""
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise NotFoundThere
    return _cell(longitude, latitude, resolution)


def _cell(longitude: float, latitude: float, resolution: int) -> str:
    return str(h3.latlng_to_cell(latitude, longitude, resolution))
