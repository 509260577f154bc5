"""A paper as Markdown, for the checker: the words and figures of the PDF, without its drawings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from peelian.insight.papers.prose import plain

Data = dict[str, Any]


def markdown(data: Data) -> str:
    """The whole paper."""
    return "\n\n".join(_lines(data)) + "\n"


def where(words: str, line: int, place: str) -> str:
    """Where a line of the text stands in the paper, by its headings: no reader knows lines by their number."""
    headings: dict[int, str] = {}
    for one in words.splitlines()[:line]:
        level = len(one) - len(one.lstrip("#"))
        if level and one[level : level + 1] == " ":
            headings = {at: said for at, said in headings.items() if at < level} | {level: one[level + 1 :]}
    row = place.partition(", ")[2]
    said = [said for at, said in sorted(headings.items()) if at > 1]
    return ", ".join([*said, *([row] if row else [])]) or place


def _lines(data: Data) -> Iterator[str]:
    yield f"# {data['title']}"
    yield f"{data['force']}, {data['period']}"
    yield "## Aims"
    yield "\n".join(f"- {aim['title']}" for aim in data["aims"])
    for section in data["sections"]:
        yield f"## Aim: {section['aim']}"
        if section["missing"]:
            yield section["missing"]
        for measure in section["measures"]:
            yield from _measure(measure)
    if data["appendix_a"]:
        yield "## Appendix A"
    for table in data["appendix_a"]:  # unlike things under each other, so no table whose rows or columns compare
        yield f"**{table['caption']}**"
        yield "\n".join(f"- {row[0]['text']}: {row[1]['text']}" for row in table["rows"])
    if data["appendix_b"]:
        yield "## Appendix B"
    for table in data["appendix_b"]:
        yield from _table(table)


def _measure(measure: Data) -> Iterator[str]:
    yield f"### {measure['name']}"
    yield f"Source: {measure['source']}"
    for part in measure["parts"]:
        if len(measure["parts"]) > 1:
            yield f"#### {part['subject']}"
        if part["no_update"]:
            yield part["no_update"]
        yield "\n".join(f"- {fact['key']}: {fact['value']}" for fact in part["figures"])
        for chart in part["charts"]:
            yield from _table(chart["table"])
        for name in ("commentary", "response"):
            said = part[name]
            yield f"#### {name.title()}"
            yield plain(said["blocks"]) or said["none"]


def _table(table: Data) -> Iterator[str]:
    yield f"**{table['caption']}**"
    rows = [[head["name"] for head in table["heads"]], ["---"] * len(table["heads"])]
    rows += [[cell["text"] for cell in row] for row in table["rows"]]
    yield "\n".join("| " + " | ".join(cell.replace("|", "/").replace("\n", " ") for cell in row) + " |" for row in rows)
