"""The form of how often and when a member wants to hear."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from peelian.core import clock
from peelian.members.actions.pacing import Hours
from peelian.members.forms import CHANNEL_WORDS, usable_channels
from peelian.members.models import CHANNELS, ChannelHours, Member, Pace
from peelian.members.pace import DAYS, clock_time

LAST_MOMENT = time(23, 59, 59, 999999)  # what "midnight" is where hours end
ALL_DAYS = 127
LIMITS = [1, 2, 3, 5, 7, 10, 15, 20]
NO_LIMIT = ""
USUAL, NEVER, OWN = "usual", "none", "own"
PARTS = ("from", "hours", "days", "opens", "closes", "opens_again", "closes_again")  # of a channel
PRIORITIES = [(1, _("All messages")), (2, _("Important and urgent ones only")), (3, _("Urgent ones only"))]


def _choices(first: int, last: int, kept: time | None) -> list[tuple[str, str]]:
    """The hours of a day to choose from; a time that stands already and is none of them stays there."""
    found = [f"{hour:02}:00" for hour in range(first, last + 1)]
    if kept is not None and _shown(kept) not in found:
        found = sorted([*found, _shown(kept)])
    return [(shown, clock_time(_read(shown))) for shown in found]


def _shown(at: time) -> str:
    return "24:00" if at == LAST_MOMENT else f"{at:%H:%M}"


def _read(shown: str) -> time:
    return LAST_MOMENT if shown == "24:00" else time.fromisoformat(shown)


class PaceForm(forms.Form):
    """Weekly limit and digest, quiet hours, and for each channel what may come by it and when, twice a day at most."""

    mark_optional = False
    weekly_limit = forms.TypedChoiceField(
        label=_("How many messages do you want in a week?"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("From all of us together. What is over comes in one email, or in a text with a link."),
        choices=[
            (NO_LIMIT, _("As many as there are")),
            *((n, format_lazy(_("At most {number}"), number=n)) for n in LIMITS),
            (0, _("None at once: all together in one email")),
        ],
    )
    digest = forms.ChoiceField(
        label=_("When should the rest come?"),
        choices=[(Pace.Digest.WEEKLY, _("Once a week, on Friday at 5pm")), (Pace.Digest.DAILY, _("Every day at 5pm"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose when the rest should come")},
    )
    quiet = forms.ChoiceField(
        label=_("Do you want quiet hours?"),
        required=False,
        widget=forms.RadioSelect,
        help_text=_("What comes up then waits until they are over."),
    )
    quiet_from = forms.ChoiceField(label=_("My own begin at"), required=False)
    quiet_until = forms.ChoiceField(label=_("And end at"), required=False)
    urgent_passes = forms.BooleanField(
        label=_("Urgent messages may come at any time, and on top of the number"),
        required=False,
        help_text=_("Like somebody in danger near you, or a fire. They are rare."),
    )

    def __init__(self, member: Member, quiet_hours: tuple[time, time] | None, *given: Any, **named: Any) -> None:
        self.pace = Pace.objects.filter(member=member).first() or Pace(member=member)
        self.usable = usable_channels(member)
        self.stored = {channel: list(rows) for channel, rows in self._hours(member).items()}
        named["initial"] = self._initial()
        super().__init__(*given, **named)
        self._offer_limits()
        self._offer_quiet(quiet_hours)
        for word in self.usable:
            self._offer_channel(word)

    def _hours(self, member: Member) -> dict[int, list[ChannelHours]]:
        found: dict[int, list[ChannelHours]] = {}
        for row in member.channel_hours.order_by("channel", "opens", "pk"):
            found.setdefault(row.channel, []).append(row)
        return found

    def _initial(self) -> dict[str, Any]:
        pace = self.pace
        own = pace.quiet_from is not None
        never = own and pace.quiet_from == pace.quiet_until
        initial: dict[str, Any] = {
            "weekly_limit": NO_LIMIT if pace.weekly_limit is None else pace.weekly_limit,
            "digest": pace.digest,
            "quiet": NEVER if never else OWN if own else USUAL,
            "quiet_from": _shown(pace.quiet_from) if own and not never and pace.quiet_from else "22:00",
            "quiet_until": _shown(pace.quiet_until) if own and not never and pace.quiet_until else "07:00",
            "urgent_passes": pace.urgent_passes,
        }
        for word in self.usable:
            initial[f"{word}_from"] = getattr(pace, f"{word}_from")
            rows = self.stored.get(CHANNELS[word], [])
            initial[f"{word}_hours"] = OWN if rows else USUAL
            first, second = [*rows, None, None][:2]
            days = first.weekdays if first else ALL_DAYS
            initial[f"{word}_days"] = [str(1 << n) for n in range(7) if days >> n & 1]
            initial[f"{word}_opens"] = _shown(first.opens) if first else "08:00"
            initial[f"{word}_closes"] = _shown(first.closes) if first else "20:00"
            initial[f"{word}_opens_again"] = _shown(second.opens) if second else ""
            initial[f"{word}_closes_again"] = _shown(second.closes) if second else ""
        return initial

    def _choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def _offer_limits(self) -> None:
        """A number that came from elsewhere stays on offer."""
        kept = self.pace.weekly_limit
        if kept is not None and kept not in (0, *LIMITS):
            among = sorted([*LIMITS, kept])
            some = ((n, format_lazy(_("At most {number}"), number=n)) for n in among)
            choices = [(NO_LIMIT, _("As many as there are")), *some, (0, _("None at once: all together in one email"))]
            self._choose("weekly_limit", choices)

    def _offer_quiet(self, usual: tuple[time, time] | None) -> None:
        ours: Any = _("No quiet hours")
        if usual and "email" in self.usable and len(self.usable) == 1:
            usual = None
        if usual:
            hours = {"since": clock_time(usual[0]), "until": clock_time(usual[1])}
            ours = _("As usual: no texts and calls from %(since)s to %(until)s") % hours
        offered = [
            (USUAL, ours),
            *([(NEVER, _("None: at any hour"))] if usual or self.initial["quiet"] == NEVER else []),
        ]
        self._choose("quiet", [*offered, (OWN, _("My own, for email too"))])
        self._choose("quiet_from", _choices(0, 23, self.pace.quiet_from))
        self._choose("quiet_until", _choices(0, 23, self.pace.quiet_until))

    def _offer_channel(self, word: str) -> None:
        by = CHANNEL_WORDS[word].lower()
        stored = self.stored.get(CHANNELS[word], [])
        self.fields[f"{word}_from"] = forms.TypedChoiceField(
            label=_("What may come by %(by)s?") % {"by": by}, choices=PRIORITIES, coerce=int
        )
        self.fields[f"{word}_hours"] = forms.ChoiceField(
            label=_("When may it come by %(by)s?") % {"by": by},
            required=False,
            choices=[(USUAL, _("At any time")), (OWN, _("Only at these times"))],
            widget=forms.RadioSelect,
        )
        self.fields[f"{word}_days"] = forms.MultipleChoiceField(
            label=_("On these days"),
            required=False,
            choices=[(str(1 << n), day) for n, day in enumerate(DAYS)],
            widget=forms.CheckboxSelectMultiple,
        )
        first, second = [*stored, None, None][:2]
        self._offer_times(f"{word}_opens", f"{word}_closes", _("From"), _("Until"), first, [])
        again = [("", _("Not again"))]
        self._offer_times(f"{word}_opens_again", f"{word}_closes_again", _("And from"), _("And until"), second, again)

    def _offer_times(
        self, opens: str, closes: str, since: Any, until: Any, row: ChannelHours | None, none: Any
    ) -> None:
        begin, end = (row.opens, row.closes) if row else (None, None)
        self.fields[opens] = forms.ChoiceField(label=since, required=False, choices=[*none, *_choices(0, 23, begin)])
        self.fields[closes] = forms.ChoiceField(label=until, required=False, choices=[*none, *_choices(1, 24, end)])

    def channels(self) -> list[dict[str, Any]]:
        """For the page: each channel's fields."""
        return [
            {
                "word": word,
                "title": CHANNEL_WORDS[word],
                "used": self[f"{word}_hours"].value() == OWN or int(self[f"{word}_from"].value() or 1) > 1,
                "wrong": any(self[f"{word}_{part}"].errors for part in PARTS),
                **{part: self[f"{word}_{part}"] for part in PARTS},
            }
            for word in self.usable
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("quiet") == OWN and given.get("quiet_from") == given.get("quiet_until"):
            self.add_error("quiet_until", _("Quiet hours end at another time than they begin. Choose a later one."))
        for word in self.usable:
            if given.get(f"{word}_hours") == OWN:
                self._check_hours(word, given)
        return given

    def _check_hours(self, word: str, given: dict[str, Any]) -> None:
        by = CHANNEL_WORDS[word].lower()
        if not given.get(f"{word}_days"):
            self.add_error(f"{word}_days", _("Tick at least one day for %(by)s") % {"by": by})
        self._check_range(word, "", given)
        opens, closes = given.get(f"{word}_opens_again"), given.get(f"{word}_closes_again")
        if opens and closes:
            self._check_range(word, "_again", given)
            before = given.get(f"{word}_closes")
            if before and _read(before) >= _read(opens):
                wrong = _("For %(by)s, let the second time begin after the first has ended")
                self.add_error(f"{word}_opens_again", wrong % {"by": by})
        elif opens or closes:
            missing = "opens_again" if closes else "closes_again"
            wrong = _("For %(by)s, choose both ends of the second time, or neither")
            self.add_error(f"{word}_{missing}", wrong % {"by": by})

    def _check_range(self, word: str, which: str, given: dict[str, Any]) -> None:
        by = CHANNEL_WORDS[word].lower()
        opens, closes = given.get(f"{word}_opens{which}"), given.get(f"{word}_closes{which}")
        if not opens or not closes:
            return
        if _read(opens) >= _read(closes):
            wrong = _("For %(by)s, choose an end that is later than the beginning")
            self.add_error(f"{word}_closes{which}", wrong % {"by": by})
        elif given.get("quiet") == OWN and self._all_quiet(_read(opens), _read(closes), given):
            wrong = _("All of these hours for %(by)s are quiet hours. Choose others, or fewer quiet hours.")
            self.add_error(f"{word}_closes{which}", wrong % {"by": by})

    def _all_quiet(self, opens: time, closes: time, given: dict[str, Any]) -> bool:
        """Whether the quiet hours leave nothing of these."""
        if not given.get("quiet_from") or not given.get("quiet_until"):
            return False
        begins, ends = _read(given["quiet_from"]), _read(given["quiet_until"])
        after = [at for at in (opens, ends) if opens <= at < closes]  # it opens where the hours do, or quiet ones end
        return all(clock.within(at, begins, ends) for at in after)

    def changes(self) -> dict[str, Any]:
        """Fields of Pace."""
        given = self.cleaned_data
        quiet: tuple[time | None, time | None] = (None, None)
        if given["quiet"] == NEVER:
            quiet = (time(0), time(0))
        elif given["quiet"] == OWN:
            quiet = (_read(given["quiet_from"]), _read(given["quiet_until"]))
        thresholds = {f"{word}_from": given[f"{word}_from"] for word in self.usable}
        return {
            "weekly_limit": given["weekly_limit"],
            "digest": given["digest"],
            "quiet_from": quiet[0],
            "quiet_until": quiet[1],
            "urgent_passes": given["urgent_passes"],
            **thresholds,
        }

    def hours(self) -> list[Hours]:
        """All hours of channels, those of channels that cannot be used now as they were."""
        given, found = self.cleaned_data, []
        for word, bit in CHANNELS.items():
            if word not in self.usable:
                found += [Hours(bit, row.weekdays, row.opens, row.closes) for row in self.stored.get(bit, [])]
            elif given[f"{word}_hours"] == OWN:
                days = sum(int(day) for day in given[f"{word}_days"])
                for which in ("", "_again"):
                    opens, closes = given[f"{word}_opens{which}"], given[f"{word}_closes{which}"]
                    found += [Hours(bit, days, _read(opens), _read(closes))] if opens and closes else []
        return found
