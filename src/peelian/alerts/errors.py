"""What can be refused about an alert. The docstring is the sentence a person reads unless one is given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peelian.core.errors import ChangedMeanwhile, Gone, NotFound, RuleBroken


class NoSuchAlert(NotFound):
    """There is no such alert, or it is not in your area."""


class NoSuchEntry(NotFound):
    """There is no such entry any more."""


class NoSuchTranslation(NotFound):
    """There is no such translation, or its alert is not in your area."""


class AlertGone(Gone):
    """This alert has been withdrawn."""

    def __init__(self, reason: str, gone_on: datetime | None) -> None:
        super().__init__(reason)
        self.reason, self.gone_on = reason, gone_on


class NotAllowed(RuleBroken):
    """Your role does not allow that."""


class NotYourTeam(RuleBroken):
    """You can only write in the name of a team you belong to."""


class NotNow(RuleBroken):
    """That cannot be done with the alert as it is now."""


class NotADraft(NotNow):
    """This is not a draft any more, so it cannot be changed."""


class DraftChanged(ChangedMeanwhile):
    """Somebody else saved this draft while you were writing. Your text is kept below; theirs is beside it."""

    def __init__(self, current: Any, written: dict[str, Any]) -> None:
        super().__init__()
        self.alert = current  # the Alert as it is saved now
        self.written = written  # what was not saved


class Fixed(RuleBroken):
    """An update or correction goes to exactly the people who got the first alert, so its type, audience, team and
    channels cannot be changed."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with an audience: the number of the clause (None: with the whole), the value at fault, a
    sentence."""

    clause: int | None
    value: str
    sentence: str


class AudienceProblem(RuleBroken):
    """The audience cannot be used as it is."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(problem.sentence for problem in problems))
        self.problems = problems


class NotReady(RuleBroken):
    """Something is missing before this alert can go."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(" ".join(missing))
        self.missing = missing


class NobodyThere(RuleBroken):
    """This audience reaches nobody, so there is nothing to send. Choose other areas or groups."""


@dataclass(frozen=True)
class Reason:
    """Why a second person has to approve: a word for programs and a sentence for people."""

    code: str
    sentence: str


class NeedsSecondPerson(RuleBroken):
    """Somebody else has to approve this alert first."""

    def __init__(self, reasons: list[Reason]) -> None:
        super().__init__(" ".join([(type(self).__doc__ or "").strip(), *(reason.sentence for reason in reasons)]))
        self.reasons = reasons


class OwnAlert(RuleBroken):
    """You wrote this alert or asked for its approval, so somebody else has to approve it."""


class SupervisorNeeded(RuleBroken):
    """It reaches fewer than 5 people, who could be recognised: a supervisor has to approve it."""


class NotYoursToApprove(RuleBroken):
    """Only a supervisor or communications officer in whose area the sending team works can decide on this alert."""


class AlreadyDecided(NotNow):
    """This alert is not waiting for approval any more."""


class AlreadySent(RuleBroken):
    """The same alert went to the same people, or is to go to them, within the hour. Say that you mean to send it
    again."""


class SayHowMany(RuleBroken):
    """It goes to a large share of all residents. Type the number of people in words to let it go; on the command line
    name who approved it with --approved-by."""


class TranslationChanged(ChangedMeanwhile):
    """It was translated anew while you were reading. Read it once more; what you wrote is kept below."""


class OriginalChanged(ChangedMeanwhile):
    """The English words changed while you were writing. Read them once more; what you wrote is kept below."""


class OwnWords(RuleBroken):
    """You wrote this translation, so somebody else who reads the language has to confirm it."""


class OwnTranslation(RuleBroken):
    """Somebody else approved this alert of yours, so somebody else has to read its translations too: what they say goes
    out under the same approval."""


class PastTime(RuleBroken):
    """That time has passed. Choose one in the future."""


class NotATime(RuleBroken):
    """That is not a time it can be sent at."""


class BadEndDate(RuleBroken):
    """That is not a date this alert can end on."""


class NothingToRate(RuleBroken):
    """This link does not belong to an alert that can be rated or answered."""


class NotRated(RuleBroken):
    """Rate the message first, from 1 to 6. Then you can say why."""


class CommentTooLong(RuleBroken):
    """That is longer than 500 characters. Shorten it, or write to the team instead."""


class OnlyATest(RuleBroken):
    """This was a test, so nothing is counted and nobody gets what you write."""


class OnlyPractice(OnlyATest):
    """This was for practice, so nothing is counted and nobody gets what you write."""


class NoWords(RuleBroken):
    """Say in words what the picture shows, for everybody who does not see it."""


class NoTitle(RuleBroken):
    """Give the file a title that says what is in it."""


class NotAPicture(RuleBroken):
    """That is not a picture we can open. Save it as JPEG or PNG and add it again."""


class NotAPaper(RuleBroken):
    """That is not a PDF. Save it as PDF and add it again."""


class VirusFound(RuleBroken):
    """The scanner found a virus in that file. Nothing of it is kept; tell those who look after your computers."""


class TooManyEnclosed(RuleBroken):
    """An alert can have 4 pictures and 4 files. Remove one first."""


class PaperGone(Gone):
    """This file was there for some weeks only. Ask the team that sent the message for it."""


class LinkExpired(RuleBroken):
    """This link is more than 90 days old and no longer works. Call 101 or write to your team on our website."""


class ReplyTooLong(RuleBroken):
    """That message is too long: the most we can take is 20,000 characters. Shorten it and send it again."""


class FileProblem(RuleBroken):
    """Something is wrong with an alert file. The message names the file, the line and the field."""


class BadDecision(RuleBroken):
    """The decision cannot be entered as it is."""
