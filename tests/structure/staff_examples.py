"""EXAMPLES: for each staff page whose address names something, how that something is made."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from peelian.accounts.models import Team
from peelian.places.models import Area
from tests.structure.staff_rows import (
    World,
    a_campaign,
    a_closed_thread,
    a_colleague,
    a_commentary,
    a_door,
    a_duty_contact,
    a_file_in_it,
    a_finding,
    a_group,
    a_hold,
    a_key_individual,
    a_limit,
    a_measure,
    a_message,
    a_message_kept_aside,
    a_paper,
    a_plan_of_outreach,
    a_raised_thread,
    a_request,
    a_saved_answer,
    a_shape_of_outreach,
    a_stopped_address,
    a_street,
    a_team,
    a_thread,
    a_thread_passed_on,
    a_translation,
    a_trigger,
    an_alert,
    an_area,
    an_email,
    an_enclosure,
    jargon,
    saved_text,
    some_weights,
    somebody_in_a_group,
    somebody_taken_out,
)

OPENED = {200, 302, 409}  # 409: the person may, a rule forbids it now (nobody approves their own)


@dataclass(frozen=True)
class Example:
    """How to make what an address names, given the team (and ward) it is to belong to. `scoped=False`: everybody who
    has the permission sees all of them. `posted`: what a form needs. `opened`: what a page that opens may answer."""

    make: Callable[[World, Team, Area], list[Any]]
    scoped: bool = True
    posted: dict[str, Any] = field(default_factory=dict)
    opened: frozenset[int] = frozenset(OPENED)


SAVED = Example(saved_text, scoped=False)
JARGON = Example(jargon, scoped=False)
STREET = Example(a_street)
REQUEST, HOLD = Example(a_request), Example(a_hold)
CAMPAIGN = Example(a_campaign)
KEY = Example(a_key_individual)
PAPER = Example(a_paper)
MEASURE, COMMENTARY = Example(a_measure, scoped=False), Example(a_commentary)
GROUP = Example(a_group)
LIMIT = Example(a_limit, scoped=False)
ASIDE = Example(a_message_kept_aside)
ALERT, THREAD, COLLEAGUE = Example(an_alert), Example(a_thread), Example(a_colleague)

# URL name → how to make what the address names. Addresses without a name in them need no example.
EXAMPLES: dict[str, Example] = {
    "accounts_staff:edit": COLLEAGUE,
    "accounts_staff:disable": COLLEAGUE,
    "accounts_staff:enable": COLLEAGUE,
    "accounts_staff:link": COLLEAGUE,
    "accounts_staff:team_edit": Example(a_team),
    "members_staff:campaign": CAMPAIGN,
    "members_staff:campaign_file": Example(lambda *given: [*a_campaign(*given), "qr.svg"]),
    "members_staff:campaign_end": CAMPAIGN,
    "members_staff:network_person": KEY,
    "members_staff:network_log": Example(a_key_individual, posted={"how": "met"}),
    "members_staff:network_edit": KEY,
    "members_staff:group": GROUP,
    "members_staff:group_edit": GROUP,
    "members_staff:group_end": GROUP,
    "members_staff:group_take_out": Example(somebody_in_a_group, posted={"why": "mistake"}),
    "members_staff:group_put_back": Example(somebody_taken_out),
    "members_staff:group_invite": GROUP,
    "insight_staff:engagement_area": Example(an_area),
    "insight_staff:engagement_team": Example(a_team),
    "insight_staff:measure": MEASURE,
    "insight_staff:measure_define": MEASURE,
    "insight_staff:measure_ask": MEASURE,
    "insight_staff:commentary": COMMENTARY,
    # Nobody's but its author's, whoever else may have a Today
    "insight_staff:commentary_asked": Example(a_commentary, opened=frozenset({404})),
    "insight_staff:outreach_plan": Example(a_plan_of_outreach),
    "insight_staff:outreach_plan_pdf": Example(a_plan_of_outreach),
    "insight_staff:outreach_record": Example(a_plan_of_outreach),
    "insight_staff:outreach_shape_remove": Example(a_shape_of_outreach),
    "insight_staff:overlay_remove": Example(some_weights, scoped=False),
    "insight_staff:paper": PAPER,
    "insight_staff:paper_progress": PAPER,
    "insight_staff:paper_sign": PAPER,
    "insight_staff:paper_file": Example(lambda *given: [*a_paper(*given), "paper.pdf"]),
    "insight_staff:paper_accept": Example(a_finding, posted={"reason": "It does"}),
    "insight_staff:commentary_sign": COMMENTARY,
    "places_staff:detail": Example(an_area),
    "places_staff:population": Example(an_area),
    "members_staff:street": STREET,
    "members_staff:street_knock": STREET,
    "members_staff:street_later": STREET,
    "members_staff:street_finish": STREET,
    "members_staff:street_again": STREET,
    "members_staff:street_forget": Example(a_door),
    "members_staff:rights_request": REQUEST,
    "members_staff:rights_identity": REQUEST,
    "members_staff:rights_extend": REQUEST,
    "members_staff:rights_close": REQUEST,
    "members_staff:rights_copy": REQUEST,
    "members_staff:rights_correct": REQUEST,
    "members_staff:rights_erase": REQUEST,
    "members_staff:rights_restrict": REQUEST,
    "members_staff:hold_review": HOLD,
    "members_staff:hold_end": HOLD,
    "delivery_staff:free": Example(a_stopped_address),
    "delivery_staff:limit_change": LIMIT,
    "delivery_staff:limit_remove": LIMIT,
    "conversations_staff:thread": THREAD,
    "conversations_staff:answer": THREAD,
    "conversations_staff:translate": Example(a_message),
    "conversations_staff:close": THREAD,
    "conversations_staff:assign": THREAD,
    "conversations_staff:aside_one": ASIDE,
    "conversations_staff:aside_attach": ASIDE,
    "conversations_staff:aside_discard": ASIDE,
    "conversations_staff:whole": Example(an_email),
    "conversations_staff:file": Example(a_file_in_it),
    "alerts_staff:word": JARGON,
    "alerts_staff:saved_new": Example(lambda world, team, area: ["template"], scoped=False),
    "alerts_staff:saved_change": SAVED,
    "alerts_staff:saved_remove": SAVED,
    "alerts_staff:word_remove": JARGON,
    "conversations_staff:raised_seen": Example(a_raised_thread),
    "conversations_staff:insert": THREAD,
    "conversations_staff:reopen": Example(a_closed_thread),
    "conversations_staff:tags": THREAD,
    "conversations_staff:sensitive": THREAD,
    "conversations_staff:contact": THREAD,
    "conversations_staff:hand_over": THREAD,
    "conversations_staff:pass_on": THREAD,
    "conversations_staff:take_back": Example(a_thread_passed_on),
    "conversations_staff:receive": Example(a_thread_passed_on),
    "conversations_staff:saved_edit": Example(a_saved_answer),
    "conversations_staff:saved_remove": Example(a_saved_answer),
    "conversations_staff:desk": Example(a_team),
    "conversations_staff:duty_add_team": Example(a_team),
    "conversations_staff:duty_remove": Example(a_duty_contact),
    "conversations_staff:word_remove": Example(a_trigger, scoped=False),
    "alerts_staff:detail": ALERT,
    "alerts_staff:edit": ALERT,
    "alerts_staff:audience": ALERT,
    "alerts_staff:preview": ALERT,
    "alerts_staff:check": ALERT,
    "alerts_staff:approve": ALERT,
    "alerts_staff:send_back": ALERT,
    "alerts_staff:send": ALERT,
    "alerts_staff:schedule": ALERT,
    "alerts_staff:unschedule": ALERT,
    "alerts_staff:pause": ALERT,
    "alerts_staff:resume": ALERT,
    "alerts_staff:recall": ALERT,
    "alerts_staff:withdraw": ALERT,
    "alerts_staff:follow_up": ALERT,
    "alerts_staff:test": ALERT,
    "alerts_staff:progress": ALERT,
    "alerts_staff:enclosures": ALERT,
    "alerts_staff:enclosure_remove": Example(an_enclosure),
    "alerts_staff:social": ALERT,
    "alerts_staff:social_card": ALERT,
    "alerts_staff:autosave": ALERT,
    "alerts_staff:discard": ALERT,
    "alerts_staff:preview_email": ALERT,
    "alerts_staff:preview_page": ALERT,
    "alerts_staff:ask": ALERT,
    "alerts_staff:take_back": ALERT,
    "alerts_staff:outcome": ALERT,
    "alerts_staff:end_date": ALERT,
    "alerts_staff:languages": ALERT,
    "alerts_staff:language": Example(a_translation),
    "alerts_staff:language_remove": Example(a_translation),
    "alerts_staff:translation": Example(a_translation),
    "alerts_staff:translation_reject": Example(a_translation),
}
