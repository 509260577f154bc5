"""Who may do what: the one table. A view names the permission it needs; tests/structure walks every staff URL."""

from django.db.models import TextChoices


class Role(TextChoices):
    OFFICER = "officer", "Officer"
    SUPERVISOR = "supervisor", "Supervisor"
    COMMUNICATIONS = "communications", "Communications"
    ANALYST = "analyst", "Analyst"
    ADMINISTRATOR = "administrator", "Administrator"
    AUDITOR = "auditor", "Auditor"


OFFICER, SUPERVISOR, COMMUNICATIONS, ANALYST, ADMINISTRATOR, AUDITOR = Role.values

PERMISSIONS: dict[str, frozenset[str]] = {
    "today.read": frozenset({OFFICER, SUPERVISOR, COMMUNICATIONS, ANALYST, ADMINISTRATOR, AUDITOR}),
    "alerts.read": frozenset({OFFICER, SUPERVISOR, COMMUNICATIONS, ANALYST, ADMINISTRATOR, AUDITOR}),
    "alerts.write": frozenset({OFFICER, SUPERVISOR, COMMUNICATIONS}),
    "alerts.approve": frozenset({SUPERVISOR, COMMUNICATIONS}),
    "translations.review": frozenset({SUPERVISOR, COMMUNICATIONS}),
    "alerts.withdraw": frozenset({SUPERVISOR, COMMUNICATIONS, ADMINISTRATOR}),
    "alerts.keep": frozenset({COMMUNICATIONS}),
    "alerts.holdout": frozenset({COMMUNICATIONS, ANALYST}),
    "conversations.read": frozenset({OFFICER, SUPERVISOR, COMMUNICATIONS}),
    "conversations.answer": frozenset({OFFICER, SUPERVISOR, COMMUNICATIONS}),
    "conversations.aside": frozenset({SUPERVISOR, COMMUNICATIONS}),
    "conversations.supervise": frozenset({SUPERVISOR}),
    "conversations.manage": frozenset({SUPERVISOR, ADMINISTRATOR}),
    "conversations.figures": frozenset({OFFICER, SUPERVISOR, COMMUNICATIONS, ANALYST, ADMINISTRATOR}),
    "intelligence.receive": frozenset({SUPERVISOR}),
    "contacts.reveal": frozenset({SUPERVISOR, ADMINISTRATOR}),
    "members.read": frozenset({OFFICER, SUPERVISOR, COMMUNICATIONS, ADMINISTRATOR}),
    "doorstep.work": frozenset({OFFICER, SUPERVISOR, COMMUNICATIONS}),
    "campaigns.read": frozenset({OFFICER, SUPERVISOR, COMMUNICATIONS, ANALYST, ADMINISTRATOR}),
    "campaigns.manage": frozenset({OFFICER, SUPERVISOR, COMMUNICATIONS}),
    "groups.manage": frozenset({OFFICER, SUPERVISOR, COMMUNICATIONS}),
    "network.keep": frozenset({OFFICER, SUPERVISOR}),
    "contacts.stop": frozenset({COMMUNICATIONS, ADMINISTRATOR}),
    "rights.manage": frozenset({ADMINISTRATOR}),
    "places.read": frozenset({OFFICER, SUPERVISOR, COMMUNICATIONS, ANALYST, ADMINISTRATOR, AUDITOR}),
    "operations.read": frozenset({COMMUNICATIONS, ANALYST, ADMINISTRATOR}),
    "operations.manage": frozenset({ADMINISTRATOR}),
    "costs.read": frozenset({SUPERVISOR, COMMUNICATIONS, ANALYST, ADMINISTRATOR}),
    "costs.manage": frozenset({ADMINISTRATOR}),
    "events.read": frozenset({OFFICER, SUPERVISOR, COMMUNICATIONS, ANALYST, ADMINISTRATOR}),
    "events.write": frozenset({OFFICER, SUPERVISOR, COMMUNICATIONS}),
    "engagement.log": frozenset({OFFICER, SUPERVISOR, COMMUNICATIONS}),
    "profiles.write": frozenset({OFFICER, SUPERVISOR, COMMUNICATIONS}),
    "insight.read": frozenset({SUPERVISOR, COMMUNICATIONS, ANALYST, ADMINISTRATOR, AUDITOR}),
    "outreach.plan": frozenset({SUPERVISOR, COMMUNICATIONS, ANALYST, ADMINISTRATOR}),
    "insight.manage": frozenset({ANALYST, ADMINISTRATOR}),
    "priorities.read": frozenset({OFFICER, SUPERVISOR, COMMUNICATIONS, ANALYST}),
    "priorities.write": frozenset({OFFICER, SUPERVISOR, COMMUNICATIONS}),
    "priorities.agree": frozenset({SUPERVISOR}),
    "promises.publish": frozenset({SUPERVISOR, COMMUNICATIONS}),
    "surveys.read": frozenset({OFFICER, SUPERVISOR, COMMUNICATIONS, ANALYST, ADMINISTRATOR}),
    "surveys.write": frozenset({SUPERVISOR, COMMUNICATIONS, ANALYST}),
    "surveys.results": frozenset({SUPERVISOR, COMMUNICATIONS, ANALYST}),
    "surveys.pulse": frozenset({COMMUNICATIONS, ANALYST}),
    "surveys.field": frozenset({OFFICER, SUPERVISOR, COMMUNICATIONS}),
    "surveys.frames": frozenset({COMMUNICATIONS, ANALYST}),
    "surveys.call": frozenset({SUPERVISOR, COMMUNICATIONS}),
    "website.edit": frozenset({COMMUNICATIONS}),
    "website.figures": frozenset({SUPERVISOR, COMMUNICATIONS, ANALYST, ADMINISTRATOR}),
    "accounts.manage": frozenset({ADMINISTRATOR}),
    "api.manage": frozenset({ADMINISTRATOR}),
    "audit.read": frozenset({AUDITOR}),
}

# Roles without areas: a trail cut by area would leave out just what an auditor looks for, acts that concern the whole
# force and changes of rights. Somebody of such a role who has areas all the same opens none of it (audit.door)
FOR_THE_FORCE = frozenset({AUDITOR})

# How many people an alert may reach before somebody else must approve it, by the author's role
CAP = {OFFICER: 2_000, SUPERVISOR: 10_000, COMMUNICATIONS: 50_000}


def allows(role: str, permission: str) -> bool:
    """Whether the role has the permission. An unknown permission is a mistake in the code and raises KeyError."""
    return role in PERMISSIONS[permission]
