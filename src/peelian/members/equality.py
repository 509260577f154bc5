"""What members said of themselves, for other apps: totals alone.

Members were told: "We want to know whom we do not reach yet. Your answers are kept apart from your name. We only look
at totals, and never use them to choose who gets a message." So this counts, for seeing whom we reach, and says nothing
of one person. It may not weight what people think: that is another use, and would need other words and a new yes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from django.db.models import Count

from peelian.members.models import EqualityAnswers

COLUMNS = {"age": "birth_year", "sex": "sex", "ethnic-group-5": "ethnic_group"}  # by topic of the population


def totals(topic: str, member_ids: Collection[int]) -> Counter[str]:
    """How many of these members gave each answer on a TOPIC, as stored (of age the year of birth); "" for those of whom
    we have none: they did not say, took it back or are under 18. Whoever prints it hides small numbers."""
    column = COLUMNS[topic]
    said = EqualityAnswers.objects.filter(
        member__in=member_ids, member__answers_taken_back=False, member__young=False
    ).exclude(**({f"{column}__isnull": True} if column == "birth_year" else {column: ""}))
    found = Counter({str(one): n for one, n in said.order_by().values_list(column).annotate(n=Count("pk"))})
    found[""] = len(set(member_ids)) - found.total()
    return found
