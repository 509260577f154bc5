"""Alert files: Markdown with YAML front matter. Each thing that is wrong is said with the file, the line and the
field."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from markdown_it import MarkdownIt

from peelian.alerts.errors import AudienceProblem, FileProblem
from peelian.alerts.models import Alert
from peelian.members.models import CHANNELS, Topic
from peelian.places.geometry import GeometryError, drawn_polygon

LARGEST = 1_000_000  # bytes of an alert file
LARGEST_POLYGON = 10_000_000
FIELDS = (
    "title", "type", "priority", "areas", "polygon", "exclude_areas", "groups", "languages", "channels", "team",
)  # fmt: skip
LISTS = frozenset({"areas", "exclude_areas", "groups", "languages", "channels"})
HEADINGS = {
    "what is happening": ("happening", "What is happening"),
    "what we are doing": ("doing", "What we are doing"),
    "what you can do": ("can_do", "What you can do"),
}


@dataclass
class AlertFile:
    """What an alert file says, checked as far as a file can be: `fields` are those of actions.save_draft but the
    topic."""

    path: Path
    topic: Topic
    team: str  # a slug or name; empty: the sender's own
    fields: dict[str, Any]
    # For each clause of the audience, the field it came from; and the line of each value
    sources: list[str] = field(default_factory=list)
    lines: dict[tuple[str, str], int] = field(default_factory=dict)

    def explain(self, problem: AudienceProblem) -> FileProblem:
        """The audience's problems, each with file, line and field."""
        said = []
        for one in problem.problems:
            if one.clause is None:
                said.append(f"{self.path}: field areas: {one.sentence}")
                continue
            name = self.sources[one.clause]
            line = self.lines.get((name, one.value)) or self.lines.get((name, ""), 1)
            said.append(f"{self.path}, line {line}, field {name}: {one.sentence}")
        return FileProblem("\n".join(said))


def read(path: Path) -> AlertFile:
    """Read and check an alert file. Raises FileProblem."""
    return _Reader(path).read()


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: dict[tuple[str, str], int] = {}

    def fail(self, sentence: str, *, line: int | None = None, name: str = "") -> FileProblem:
        where = f"{self.path}" + (f", line {line}" if line else "") + (f", field {name}" if name else "")
        return FileProblem(f"{where}: {sentence}")

    def read(self) -> AlertFile:
        front, body, first_body_line = self._split(_text(self.path))
        given = self._front(front)
        sources, clauses = self._clauses(given)
        fields = self._parts(body, first_body_line)
        fields |= {
            "title": self._title(given),
            "priority": self._priority(given),
            "channels": self._channels(given),
            "audience": {"clauses": clauses},
        }
        return AlertFile(self.path, self._topic(given), str(given.get("team", "")), fields, sources, self.lines)

    def _split(self, text: str) -> tuple[str, str, int]:
        """Front matter, body, and the line on which the body begins."""
        lines = text.split("\n")
        if lines[0].rstrip() != "---":
            raise self.fail("the file does not begin with front matter between two lines of ---.", line=1)
        for number, line in enumerate(lines[1:], 1):
            if line.rstrip() in ("---", "..."):
                return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 2
        raise self.fail("the front matter has no end: a line of --- is missing.", line=1)

    # Front matter --------------------------------------------------------------------------------------------------

    def _front(self, text: str) -> dict[str, Any]:
        """Fields as words and lists of words: a code such as 001 or NO stays what it is."""
        try:
            node = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as problem:
            mark = problem.problem_mark or problem.context_mark
            raise self.fail(
                f"the front matter is not YAML: {problem.problem or problem.context}.",
                line=mark.line + 2 if mark else 1,
            ) from None
        except yaml.YAMLError:
            raise self.fail("the front matter is not YAML.", line=1) from None
        if not isinstance(node, yaml.MappingNode):
            raise self.fail("the front matter holds no fields, such as title: and areas:.", line=2)
        found: dict[str, Any] = {}
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 2
            if name not in FIELDS:
                raise self.fail(f"there is no such field. The fields are {', '.join(FIELDS)}.", line=line, name=name)
            if name in found:
                raise self.fail("the field stands there twice.", line=line, name=name)
            self.lines[name, ""] = line
            found[name] = self._value(name, value)
        return found

    def _value(self, name: str, node: yaml.Node) -> Any:
        line = node.start_mark.line + 2
        if name in LISTS:
            items = node.value if isinstance(node, yaml.SequenceNode) else [node]
            items = [item for item in items if not _is_empty(item)]
            if not all(isinstance(item, yaml.ScalarNode) for item in items):
                raise self.fail("a list of words is needed here.", line=line, name=name)
            for item in items:
                self.lines.setdefault((name, item.value.strip()), item.start_mark.line + 2)
            return [item.value.strip() for item in items]
        if not isinstance(node, yaml.ScalarNode):
            raise self.fail("one value is needed here, not a list.", line=line, name=name)
        return "" if _is_empty(node) else node.value.strip()

    def _title(self, given: dict[str, Any]) -> str:
        if not given.get("title"):
            raise self.fail("the alert has no title.", line=self.lines.get(("title", ""), 1), name="title")
        return str(given["title"])

    def _topic(self, given: dict[str, Any]) -> Topic:
        slug, line = given.get("type"), self.lines.get(("type", ""), 1)
        if not slug:
            raise self.fail("the alert has no type.", line=line, name="type")
        topic = Topic.objects.filter(slug=slug).first()
        if topic is None:
            known = ", ".join(Topic.objects.values_list("slug", flat=True))
            raise self.fail(f"there is no type “{slug}”. The types are {known}.", line=line, name="type")
        return topic

    def _priority(self, given: dict[str, Any]) -> str:
        value = str(given.get("priority") or Alert.Priority.ROUTINE)
        if value not in Alert.Priority.values:
            raise self.fail(
                f"“{value}” is none of {', '.join(Alert.Priority.values)}.",
                line=self.lines["priority", ""],
                name="priority",
            )
        return value

    def _channels(self, given: dict[str, Any]) -> int:
        """As bits; a file that names none goes by every channel, as each resident has chosen."""
        bits = 0
        for name in given.get("channels") or CHANNELS:
            if name not in CHANNELS:
                raise self.fail(
                    f"“{name}” is none of {', '.join(CHANNELS)}.", line=self.lines["channels", name], name="channels"
                )
            bits |= CHANNELS[name]
        return bits

    def _clauses(self, given: dict[str, Any]) -> tuple[list[str], list[dict[str, Any]]]:
        """The audience, and the field each clause comes from. Areas and a polygon add up; groups and languages
        narrow them, or, where neither is given, are the audience themselves."""
        found: list[tuple[str, dict[str, Any]]] = []
        if given.get("areas"):
            found.append(("areas", {"effect": "include", "kind": "areas", "values": given["areas"]}))
        if given.get("polygon"):
            found.append(
                ("polygon", {"effect": "include", "kind": "polygon", "polygon": self._polygon(given["polygon"])})
            )
        for name in ("groups", "languages"):
            if given.get(name):
                effect = "must" if found else "include"
                found.append((name, {"effect": effect, "kind": name, "values": given[name]}))
        if given.get("exclude_areas"):
            found.append(("exclude_areas", {"effect": "exclude", "kind": "areas", "values": given["exclude_areas"]}))
        return [name for name, _ in found], [raw for _, raw in found]

    def _polygon(self, name: str) -> dict[str, Any]:
        """The geometry in a GeoJSON file; its path is relative to the alert file."""
        line, path = self.lines["polygon", ""], self.path.parent / name
        try:
            if path.stat().st_size > LARGEST_POLYGON:
                raise self.fail(f"the file {path} is larger than 10 MB.", line=line, name="polygon")
            shape = json.loads(path.read_text(encoding="utf-8-sig"))
        except OSError as problem:
            said = f"the file {path} cannot be read: {(problem.strerror or 'unknown').lower()}."
            raise self.fail(said, line=line, name="polygon") from None
        except (ValueError, RecursionError):
            raise self.fail(f"the file {path} is not GeoJSON.", line=line, name="polygon") from None
        system = _other_system(shape)
        if system:
            said = f"the file {path} is in the coordinate system {system}; longitude and latitude (WGS84) are needed."
            raise self.fail(said, line=line, name="polygon")
        try:
            drawn_polygon(shape)
        except GeometryError as problem:
            raise self.fail(f"{path}: {problem}", line=line, name="polygon") from None
        return _geometry(shape)

    # The three parts -----------------------------------------------------------------------------------------------

    def _parts(self, body: str, first: int) -> dict[str, Any]:
        lines = body.split("\n")
        found: dict[str, Any] = {}
        heads = _level_two(body)
        before = "\n".join(lines[: heads[0][1]] if heads else lines)
        if before.strip():
            number = next(n for n, line in enumerate(lines) if line.strip())
            raise self.fail("text stands before the first heading.", line=first + number)
        ends = [head[1] for head in heads[1:]] + [len(lines)]
        for (title, begin, end), after in zip(heads, ends, strict=False):
            name = HEADINGS.get(" ".join(title.lower().split()), ("", ""))[0]
            if not name:
                raise self.fail(f"the heading “## {title}” is not one of the three.", line=first + begin)
            if name in found:
                raise self.fail(f"the heading “## {title}” stands there twice.", line=first + begin)
            text = "\n".join(lines[end:after]).strip()
            if not text:
                raise self.fail(f"nothing stands under “## {title}”.", line=first + begin)
            found[name] = text
        for name, heading in HEADINGS.values():
            if name not in found:
                raise self.fail(f"the heading “## {heading}” is missing.")
        return found


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise FileProblem(f"{path}: the file is larger than 1 MB.")
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\x00", "")
    except OSError as problem:
        raise FileProblem(f"{path} cannot be read: {(problem.strerror or 'unknown').lower()}.") from None
    except UnicodeDecodeError as problem:
        line = problem.object[: problem.start].count(b"\n") + 1
        raise FileProblem(f"{path}, line {line}: the file is not UTF-8. Save it as UTF-8 and try again.") from None


def _is_empty(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null"


def _level_two(body: str) -> list[tuple[str, int, int]]:
    """Title, first line and line after of each level-two heading; what looks like one inside a code block is none."""
    tokens = MarkdownIt("commonmark").parse(body)
    found = []
    for number, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h2" and token.level == 0 and token.map:
            found.append((tokens[number + 1].content.strip(), token.map[0], token.map[1]))
    return found


def _geometry(shape: dict[str, Any]) -> dict[str, Any]:
    """The geometry within a checked Feature or FeatureCollection of one."""
    while shape.get("type") in ("Feature", "FeatureCollection"):
        shape = shape["geometry"] if shape["type"] == "Feature" else shape["features"][0]
    return {"type": shape["type"], "coordinates": shape["coordinates"]}


def _other_system(shape: Any) -> str:
    """The name of a coordinate system, by the old `crs` member, that is not WGS84."""
    crs = shape.get("crs") if isinstance(shape, dict) else None
    name = str((crs.get("properties") or {}).get("name", "")) if isinstance(crs, dict) else ""
    known = re.search(r"(CRS84|EPSG:{1,2}4326|EPSG:[\d.]*:4326)$", name)
    return "" if not name or known else name[:80]
