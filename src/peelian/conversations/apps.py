from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "peelian.conversations"
    label = "conversations"

    def ready(self) -> None:
        from django.conf import settings

        from peelian.conversations import (  # (three of them declare themselves)
            heard,
            personal_data,  # noqa: F401
            tasks,  # noqa: F401
            tasks_translation,  # noqa: F401
        )
        from peelian.conversations.inbound import help as answered
        from peelian.conversations.inbound import read
        from peelian.conversations.renderer import AnswerRenderer, DutyRenderer, LetterRenderer
        from peelian.core.context import NavigationItem, navigation_items
        from peelian.core.messages import REPLY, renderers
        from peelian.core.raising import issue_sources
        from peelian.delivery.hooks import Mailbox, mailboxes

        renderers.add("conversations.answer", AnswerRenderer())
        issue_sources.add(heard.CODE, heard.SOURCE)
        renderers.add(answered.NAME, answered.HelpRenderer())
        mailboxes.add(REPLY, Mailbox(read.is_answer, read.answer, most_an_hour=30))
        mailboxes.add("texts", Mailbox(lambda rest: False, read.text))
        mailboxes.add("aside", Mailbox(lambda rest: False, read.aside))
        sender, _, domain = settings.PEELIAN_MAIL_FROM.lower().rpartition("@")
        if domain == settings.PEELIAN_MAIL_DOMAIN.lower() and sender not in mailboxes:
            mailboxes.add(sender, Mailbox(lambda rest: rest == "", read.unasked, most_an_hour=300))
        renderers.add("conversations.letter", LetterRenderer())
        renderers.add("conversations.duty", DutyRenderer())
        navigation_items.add(
            "conversations",
            NavigationItem(
                "Conversations", "conversations_staff:inbox", "conversations.read", 30, "/staff/conversations/"
            ),
        )
