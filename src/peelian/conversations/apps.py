from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "peelian.conversations"
    label = "conversations"

    def ready(self) -> None:
        from peelian.conversations import personal_data, tasks_translation  # noqa: F401 (they register themselves)
        from peelian.conversations.renderer import AnswerRenderer
        from peelian.core.context import NavigationItem, navigation_items
        from peelian.core.messages import renderers

        renderers.add("conversations.answer", AnswerRenderer())
        navigation_items.add(
            "conversations",
            NavigationItem(
                "Conversations", "conversations_staff:inbox", "conversations.read", 30, "/staff/conversations/"
            ),
        )
