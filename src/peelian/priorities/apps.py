from django.apps import AppConfig


class PrioritiesConfig(AppConfig):
    name = "peelian.priorities"
    label = "priorities"

    def ready(self) -> None:
        from peelian.core.context import LISTENING, NavigationItem, navigation_items
        from peelian.core.messages import renderers
        from peelian.core.page_parts import PagePart, page_parts
        from peelian.priorities import (
            measures,  # noqa: F401 (declares them)
            parts,
            personal_data,  # noqa: F401 (declares itself)
            tasks,  # noqa: F401 (declares its jobs)
        )
        from peelian.priorities.renderer import PromiseRenderer

        renderers.add("priorities.promise", PromiseRenderer())
        navigation_items.add(
            "priorities",
            NavigationItem(
                "Priorities", "priorities_staff:lists", "priorities.read", 54, "/staff/priorities/", LISTENING
            ),
        )
        page_parts.add("priorities.mine", PagePart("me.account", "priorities/public/mine_part.html", parts.mine, 35))
        page_parts.add(
            "priorities.thread",
            PagePart("conversations.thread", "priorities/staff/raised_from.html", parts.of_thread),
        )
