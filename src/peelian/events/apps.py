from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "peelian.events"
    label = "events"

    def ready(self) -> None:
        from peelian.core.context import LISTENING, NavigationItem, navigation_items
        from peelian.core.messages import renderers
        from peelian.core.page_parts import PagePart, page_parts
        from peelian.core.raising import issue_sources
        from peelian.events import measures, parts, personal_data, renderer, sources, tasks  # noqa: F401 (declare themselves)

        renderers.add("events.sign_up", renderer.SignUpRenderer())
        renderers.add("events.telling", renderer.TellingRenderer())
        navigation_items.add(
            "events", NavigationItem("Events", "events_staff:list", "events.read", 52, "/staff/events/", LISTENING)
        )
        page_parts.add("events.mine", PagePart("me.account", "events/public/mine_part.html", parts.my_events, 30))
        for source in (sources.RAISED, sources.STREET):
            issue_sources.add(source.code, source)
