"""Who uses what: alerts, answers and tools by team and by officer, for whoever supervises them (E18, paragraphs 30 to
32). It shows where help is wanted; it is no ranking, and teams of different size and work are not alike."""

from __future__ import annotations

from dataclasses import dataclass, replace

from peelian.accounts.models import Staff, Team
from peelian.core import charts
from peelian.core.charts import Column, Table, words
from peelian.core.suppression import SMALL
from peelian.insight.panels import queries
from peelian.insight.panels.figures import Counts
from peelian.insight.panels.queries import Wanted

# What an alert may make use of, as insight.panels.counting finds it
TOOLS = {
    "text": "Text messages",
    "voice": "Calls",
    "drawn": "An area drawn on the map",
    "groups": "Interest groups",
    "languages": "People by language",
    "translated": "Translation",
    "enclosed": "Pictures and files",
    "follow-up": "An update or correction",
}
_COLUMNS = [Column("Alerts"), Column("Messages"), Column("Replies"), Column("Ratings"),
            Column("Mean rating", charts.Unit(places=2))]  # fmt: skip
NOTE = (
    f"Mean rating of 6, of those who rated; not printed under {SMALL} ratings. Teams differ in size and work: this is"
    " no ranking."
)


@dataclass(frozen=True)
class Usage:
    teams: Table
    tools: Table
    officers: Table


def usage(teams: list[Team], wanted: Wanted) -> Usage:
    """Of the teams given, each with a row whether it wrote anything or not; four statements."""
    wanted = replace(wanted, team_ids=tuple(team.pk for team in teams))
    by_team, by_author = queries.by_team(wanted), queries.by_author(wanted)
    used = queries.tools_by_team(wanted)
    rows = [[team.name, *_cells(by_team.get(team.pk, Counts()))] for team in teams]
    authors = Staff.objects.filter(pk__in=by_author, teams__in=teams).distinct().order_by("name", "email")
    return Usage(
        Table("Teams", [words("Team"), *_COLUMNS], rows, NOTE),
        Table(
            "Tools used by each team, and in how many alerts",
            [words("Team"), words("Used"), words("Not used in this period")],
            [_tools(team, used) for team in teams],
            f"Of {len(TOOLS)} tools beside plain email to an area.",
        ),
        Table("Officers", [words("Officer"), *_COLUMNS], [[str(a), *_cells(by_author[a.pk])] for a in authors], NOTE),
    )


def _cells(one: Counts) -> list[int | float | None]:
    mean = one.mean_rating if one.ratings >= SMALL else None
    return [one.alerts, one.messages, one.replies, one.ratings, mean]


def _tools(team: Team, used: dict[tuple[int, str], int]) -> list[str]:
    counts = {name: used.get((team.pk, tool), 0) for tool, name in TOOLS.items()}
    tried = [f"{name} ({n:,})" for name, n in counts.items() if n]
    return [team.name, "; ".join(tried) or "None", "; ".join(name for name, n in counts.items() if not n) or "None"]
