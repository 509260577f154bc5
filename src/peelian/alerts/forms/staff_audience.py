"""The audience as people edit it, and as it is stored: ticked areas, drawn shapes, groups, languages, earlier alerts.

Every stored clause comes back: what the editor has no control for is kept as a ticked sentence.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from django import forms

from peelian.alerts import audience
from peelian.alerts.models import Alert
from peelian.core import wording
from peelian.members import queries_groups
from peelian.places import queries as places
from peelian.places.geometry import GeometryError, drawn_polygon
from peelian.places.models import Area

AREA_FIELDS = {"areas": "include", "without": "exclude", "within": "must"}
VALUE_KINDS = {"groups": "group", "languages": "language", "received": "received"}
EFFECT_WORDS = [("", "No matter"), ("include", "Add them"), ("must", "Only them"), ("exclude", "Leave them out")]
SHAPE_EFFECTS = ("include", "must", "exclude")
MOST_SHAPES = 20
MOST_EARLIER = 30  # alerts offered in the list of earlier ones
MOST_SMALL = 400  # areas of a kind outside the tree, beyond which a kind is not offered by name
LANGUAGES = {
    "en": "English", "ar": "Arabic", "bn": "Bengali", "gu": "Gujarati", "hi": "Hindi", "pa": "Punjabi", "pl": "Polish",
    "ro": "Romanian", "so": "Somali", "uk": "Ukrainian", "ur": "Urdu", "zh": "Chinese",
}  # fmt: skip


@dataclass
class Spread:
    """A stored audience, spread over the controls of the editor."""

    everybody: bool = False
    areas: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in AREA_FIELDS})
    shapes: list[dict[str, Any]] = field(default_factory=list)  # {"effect", "geometry"}
    values: dict[str, dict[str, str]] = field(default_factory=lambda: {kind: {} for kind in VALUE_KINDS})
    kept: list[dict[str, Any]] = field(default_factory=list)


def spread(stored: Any) -> Spread:
    """Lay the clauses out. A second "only" of one kind means something else than a longer first: it stays as it is."""
    out = Spread()
    used: set[tuple[str, str]] = set()
    for raw in audience.clauses_of(stored):
        if not isinstance(raw, dict):
            continue
        effect, kind = str(raw.get("effect")), str(raw.get("kind"))
        values = [str(value) for value in raw.get("values") or []]
        is_second = effect == "must" and kind != "polygon" and (effect, kind) in used
        if is_second or not _place(out, raw, effect, kind, values):
            out.kept.append(raw)
        used.add((effect, kind))
    return out


def _place(out: Spread, raw: dict[str, Any], effect: str, kind: str, values: list[str]) -> bool:
    """Put one clause under its control; False when there is none for it."""
    if kind == "everybody" and effect == "include":
        out.everybody = True
        return True
    if kind == "polygon" and effect in SHAPE_EFFECTS and isinstance(raw.get("polygon"), dict):
        out.shapes.append({"effect": effect, "geometry": raw["polygon"]})
        return True
    if kind == "areas" and effect in AREA_FIELDS.values():
        name = next(name for name, one in AREA_FIELDS.items() if one == effect)
        out.areas[name] += [value for value in values if value not in out.areas[name]]
        return True
    if kind in VALUE_KINDS and not any(value in out.values[kind] for value in values):
        out.values[kind] |= dict.fromkeys(values, effect)
        return True
    return False


@dataclass(frozen=True)
class Choice:
    """One tick box of the area picker with what stands below it."""

    code: str
    name: str
    kind: str
    ticked: bool
    own: bool  # in the area of the person who writes
    below: list[Choice]

    @property
    def open(self) -> bool:
        """Whether something below it is ticked, or is the writer's own while the whole is not."""
        return any(one.ticked or one.open or (one.own and not self.own) for one in self.below)

    @property
    def is_near(self) -> bool:
        """Whether it is the writer's own or holds something that is."""
        return self.own or any(one.is_near for one in self.below)

    @property
    def below_said(self) -> str:
        """12 wards in Castle Vale."""
        kinds = {one.kind for one in self.below}
        noun = f"{kinds.pop().lower()}" if len(kinds) == 1 else "area"
        return f"{wording.plural_count(len(self.below), noun)} in {self.name}"


class AudienceForm(forms.Form):
    """Who gets it. After validation `stored` is the audience to save."""

    mark_optional = False

    everybody = forms.BooleanField(label="Everybody in the force’s area", required=False)
    areas = forms.MultipleChoiceField(label="Areas", required=False)
    without = forms.MultipleChoiceField(label="Areas to leave out", required=False)
    within = forms.MultipleChoiceField(label="Areas they must be in", required=False)
    drawn = forms.CharField(label="Drawn on the map", required=False, widget=forms.HiddenInput)
    clear_shapes = forms.BooleanField(label="Take the drawn shapes out", required=False)
    kept = forms.MultipleChoiceField(label="Other conditions", required=False)

    def __init__(self, alert: Alert, earlier: list[Alert], own: frozenset[int] | None = None, data: Any = None) -> None:
        self.before = spread(alert.audience)
        super().__init__(data, initial=self._initial())
        self.fixed = bool(alert.relation)
        self.tree = _Tree(own or frozenset())
        for name in AREA_FIELDS:
            self._choices(name, [(code, code) for code in self.tree.codes | set(self.before.areas[name])])
        self._add_values("groups", queries_groups.offered_to_alerts(self.before.values["groups"]))
        self._add_values("languages", LANGUAGES)
        self._add_values("received", {one.ref: str(one) for one in earlier[:MOST_EARLIER]})
        known = {json.dumps(raw, sort_keys=True): audience.sentences({"clauses": [raw]})[0] for raw in self.before.kept}
        if data is not None:
            known |= {value: value for value in data.getlist("kept")}
        self._choices("kept", list(known.items()))

    def _initial(self) -> dict[str, Any]:
        given: dict[str, Any] = {"everybody": self.before.everybody, **self.before.areas}
        given["drawn"] = json.dumps(self.before.shapes) if self.before.shapes else ""
        given["kept"] = [json.dumps(raw, sort_keys=True) for raw in self.before.kept]
        return given

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        chosen = self.fields[name]
        assert isinstance(chosen, forms.MultipleChoiceField)
        chosen.choices = choices
        chosen.error_messages["invalid_choice"] = "There is no area of the code %(value)s any more. Choose again"

    def _add_values(self, kind: str, names: dict[str, str]) -> None:
        """A choice of effect for each value that is offered or already used."""
        used = self.before.values[kind]
        for value in {**names, **dict.fromkeys(used)}:
            label = names.get(value) or value
            self.fields[f"{VALUE_KINDS[kind]}:{value}"] = forms.ChoiceField(
                label=label, choices=EFFECT_WORDS, required=False, initial=used.get(value, "")
            )

    # For the page -------------------------------------------------------------------------------------------------

    def choosers(self, kind: str) -> list[forms.BoundField]:
        """The fields of one kind: groups, languages or received."""
        return [self[name] for name in self.fields if name.startswith(f"{VALUE_KINDS[kind]}:")]

    @property
    def group_choosers(self) -> list[forms.BoundField]:
        return self.choosers("groups")

    @property
    def language_choosers(self) -> list[forms.BoundField]:
        return self.choosers("languages")

    @property
    def received_choosers(self) -> list[forms.BoundField]:
        return self.choosers("received")

    @property
    def more_used(self) -> bool:
        """Whether any group, language or earlier alert is chosen."""
        return any(bound.value() for kind in VALUE_KINDS for bound in self.choosers(kind))

    def picker(self, name: str) -> list[Choice]:
        """The tree of areas with the ticks of one of AREA_FIELDS."""
        return self.tree.choices(set(self[name].value() or []))

    def others(self, name: str) -> list[tuple[str, list[Choice]]]:
        """The areas outside the tree by kind, with the same ticks."""
        return self.tree.others(set(self[name].value() or []))

    @property
    def shapes(self) -> list[dict[str, Any]]:
        """The drawn shapes as they stand in the form, whether or not they can be used."""
        try:
            return _shapes(self["drawn"].value() or "")
        except forms.ValidationError:
            return []

    # Reading what came --------------------------------------------------------------------------------------------

    def clean_drawn(self) -> list[dict[str, Any]]:
        shapes = _shapes(self.cleaned_data["drawn"])
        for number, shape in enumerate(shapes, 1):
            try:
                drawn_polygon(shape["geometry"])
            except GeometryError as problem:
                lead = f"Shape {number}: " if len(shapes) > 1 else ""
                raise forms.ValidationError(f"{lead}{problem}") from None
        return shapes

    def clean_kept(self) -> list[dict[str, Any]]:
        try:
            kept = [json.loads(value) for value in self.cleaned_data["kept"]]
        except ValueError:
            kept = [None]
        if not all(isinstance(raw, dict) for raw in kept):
            raise forms.ValidationError("A condition could not be read. Untick it and set it again")
        return kept

    @property
    def stored(self) -> dict[str, Any]:
        """The audience as alerts.audience stores it."""
        said = self.cleaned_data
        clauses: list[dict[str, Any]] = []
        if said["everybody"]:
            clauses.append({"effect": "include", "kind": "everybody"})
        clauses += [
            {"effect": effect, "kind": "areas", "values": sorted(said[name])}
            for name, effect in AREA_FIELDS.items()
            if said[name]
        ]
        if not said["clear_shapes"]:
            clauses += [
                {"effect": shape["effect"], "kind": "polygon", "polygon": shape["geometry"]} for shape in said["drawn"]
            ]
        for kind in VALUE_KINDS:
            clauses += self._value_clauses(kind)
        return {"clauses": clauses + said["kept"]} if clauses or said["kept"] else {}

    def _value_clauses(self, kind: str) -> list[dict[str, Any]]:
        by_effect: dict[str, list[str]] = {}
        for name in self.fields:
            lead, _, value = name.partition(":")
            if lead == VALUE_KINDS[kind] and self.cleaned_data.get(name):
                by_effect.setdefault(self.cleaned_data[name], []).append(value)
        return [{"effect": effect, "kind": kind, "values": values} for effect, values in by_effect.items()]


def _shapes(text: str) -> list[dict[str, Any]]:
    """The list of shapes in the hidden field. Raises a sentence when it cannot be read."""
    if not text:
        return []
    try:
        shapes = json.loads(text)
    except ValueError:
        shapes = None
    if not isinstance(shapes, list) or not all(_is_shape(shape) for shape in shapes):
        raise forms.ValidationError("What was drawn could not be read. Draw it again")
    if len(shapes) > MOST_SHAPES:
        raise forms.ValidationError(f"There are more than {MOST_SHAPES} shapes. Use fewer")
    return [{"effect": shape["effect"], "geometry": shape["geometry"]} for shape in shapes]


def _is_shape(shape: Any) -> bool:
    return isinstance(shape, dict) and shape.get("effect") in SHAPE_EFFECTS and isinstance(shape.get("geometry"), dict)


class _Tree:
    """The areas that can be ticked, read once for all pickers of a page."""

    def __init__(self, own: frozenset[int]) -> None:
        self._own = own
        rows = list(places.current_areas().exclude(kind=Area.Kind.DRAWN).defer("boundary", "cover", "outline"))
        by_kind: dict[str, list[Area]] = {}
        for area in rows:
            by_kind.setdefault(area.kind, []).append(area)
        self._others = {
            kind: found
            for kind, found in by_kind.items()
            if kind not in Area.ADMINISTRATIVE and len(found) <= MOST_SMALL
        }
        self._below: dict[int | None, list[Area]] = {}
        tree = [area for kind in Area.ADMINISTRATIVE for area in by_kind.get(kind, [])]
        known = {area.pk for area in tree}
        for area in sorted(tree, key=lambda area: (area.name, area.code)):
            parent = area.parent_id if area.parent_id in known else None
            self._below.setdefault(parent, []).append(area)
        self.codes = {area.code for area in rows}

    def choices(self, ticked: set[str]) -> list[Choice]:
        """From the top; a single area at the top (the force) stands aside: "everybody" means it."""
        top = self._below.get(None, [])
        if len(top) == 1 and top[0].kind == Area.Kind.FORCE and top[0].code not in ticked:
            top = self._below.get(top[0].pk, [])
        return self._own_first([self._choice(area, ticked) for area in top])

    def _choice(self, area: Area, ticked: set[str]) -> Choice:
        below = self._own_first([self._choice(one, ticked) for one in self._below.get(area.pk, [])])
        return Choice(area.code, area.name, area.get_kind_display(), area.code in ticked, area.pk in self._own, below)

    def _own_first(self, choices: list[Choice]) -> list[Choice]:
        """The writer's own area where it can be seen without looking for it."""
        return sorted(choices, key=lambda one: not one.is_near)

    def others(self, ticked: set[str]) -> list[tuple[str, list[Choice]]]:
        return [
            (
                f"{Area.Kind(kind).label}s",
                [
                    Choice(area.code, area.name, area.get_kind_display(), area.code in ticked, False, [])
                    for area in found
                ],
            )
            for kind, found in self._others.items()
        ]
