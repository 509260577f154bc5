"""What a token may be allowed to do. A scope opens something only where its member of staff has the permission too."""

from typing import NamedTuple


class Scope(NamedTuple):
    permission: str  # of accounts.roles
    label: str


SCOPES: dict[str, Scope] = {
    "alerts:read": Scope("alerts.read", "Read the alerts of their teams, drafts too, and how they went"),
    "alerts:write": Scope("alerts.write", "Write alerts, and send them or ask for approval by the same rules"),
    "conversations:read": Scope("conversations.read", "Read which conversations wait, without any words or names"),
    "conversations:answer": Scope("conversations.answer", "Answer residents in conversations of their teams"),
    "events:write": Scope("events.write", "Plan events, as drafts that somebody publishes"),
    "promises:write": Scope("priorities.write", "Write promises, as drafts that somebody publishes"),
}
CHOICES = [(code, scope.label) for code, scope in SCOPES.items()]
