from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "peelian.console"
    label = "console"

    def ready(self) -> None:
        from peelian.core.context import NavigationItem, navigation_items

        navigation_items.add("today", NavigationItem("Today", "console:today", "today.read", 0, "/staff/"))
