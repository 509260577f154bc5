"""Free texts: searched by their words, sorted by hand, and counted by what they were sorted under."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Count, Exists, OuterRef, QuerySet

from peelian.core import charts, wording
from peelian.core.charts import Bar, Chart, Column, Table
from peelian.surveys.models import Comment, Survey, Tag

ROWS = 25
UNTAGGED = "none"


@dataclass(frozen=True)
class Listed:
    """Some comments; `after` is where the next page begins, None at the end."""

    rows: list[Comment]
    found: int
    after: int | None


def found(survey: Survey, *, words: str = "", question: str = "", tag: str = "") -> QuerySet[Comment]:
    """Comments with these WORDS ("or", "-" and quotes as people write them), under a question, with a tag (its id, or
    UNTAGGED)."""
    rows = Comment.objects.filter(survey=survey)
    if question:
        rows = rows.filter(question=question)
    if tag == UNTAGGED:
        rows = rows.filter(~Exists(Tag.comments.through.objects.filter(comment_id=OuterRef("pk"))))
    elif tag.isdecimal():
        rows = rows.filter(tags=int(tag[:9]))
    if words:
        asked = SearchQuery(words, config="english", search_type="websearch")
        rows = rows.annotate(searched=SearchVector("text", config="english")).filter(searched=asked)
    return rows


def listed(rows: QuerySet[Comment], after: str = "") -> Listed:
    """One page, the last written to the table first: of an anonymous survey their order says nothing."""
    number = rows.count()
    shown = rows.filter(pk__lt=int(after[:18])) if after.isdecimal() else rows
    page = list(shown.prefetch_related("tags").order_by("-pk")[: ROWS + 1])
    return Listed(page[:ROWS], number, page[ROWS - 1].pk if len(page) > ROWS else None)


def by_question(survey: Survey) -> dict[str, int]:
    rows = Comment.objects.filter(survey=survey).order_by().values_list("question").annotate(n=Count("pk"))
    return dict(rows)


def tags_of(survey: Survey) -> list[tuple[Tag, int]]:
    """The tags with how many comments have each, by the alphabet."""
    return [(tag, tag.number) for tag in survey.tags.annotate(number=Count("comments")).order_by("name")]


def tags_chart(survey: Survey) -> Chart | None:
    """How many comments have each tag, of all comments; a comment can have several. None without tags."""
    tags = tags_of(survey)
    if not tags:
        return None
    base = Comment.objects.filter(survey=survey).count()
    sorted_out = Comment.objects.filter(survey=survey, tags__isnull=False).distinct().count()
    bars = [Bar(tag.name, number, aside=f"of {base:,}") for tag, number in tags]
    columns: list[Column | str] = [charts.words("Tag"), "Comments", "Of", Column("Share of comments", charts.SHARE_1)]
    body: list[list[str | int | float | None]] = [[tag.name, number, base, number / base] for tag, number in tags]
    note = (
        f"Of {wording.plural_count(base, 'comment')}, {sorted_out:,} sorted by hand; one can have several tags. Who"
        " writes a comment differs from who does not: these are no shares of people."
    )
    return charts.bars(
        "tags", "What comments are about", bars, noun="Tag", note=note, table=Table("Tags", columns, body, note)
    )
