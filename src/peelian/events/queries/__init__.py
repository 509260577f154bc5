"""Reads of events, scoped to who asks. What other apps may read stands here by name."""

from peelian.events.queries.public import around as around
from peelian.events.queries.public import is_still as is_still
from peelian.events.queries.public import neighbourhood_of as neighbourhood_of
from peelian.events.queries.public import public_event as public_event
from peelian.events.queries.public import public_events as public_events
from peelian.events.queries.staff import event_for as event_for
from peelian.events.queries.staff import events_for as events_for
from peelian.events.queries.staff import following as following
from peelian.events.queries.staff import own_event_for as own_event_for
from peelian.events.queries.staff import raised_for as raised_for
from peelian.events.queries.staff import without_figures as without_figures
