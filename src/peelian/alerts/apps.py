from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "peelian.alerts"
    label = "alerts"

    def ready(self) -> None:
        from peelian.alerts import actions, living, personal_data, renderer, tasks  # noqa: F401 (two register themselves)
        from peelian.alerts.digest import renderer as digest
        from peelian.core.context import NavigationItem, navigation_items
        from peelian.delivery import hooks
        from peelian.members import hooks as members
        from peelian.places import hooks as places

        hooks.renderers.add("alerts.alert", renderer.AlertRenderer())
        hooks.renderers.add("alerts.practice", renderer.AlertRenderer(is_test=True))
        hooks.renderers.add("alerts.test", renderer.AlertRenderer(is_test=True))
        hooks.renderers.add(digest.NAME, digest.DigestRenderer())
        hooks.send_moved.add("alerts", actions.follow_send)
        members.stopped.add("alerts", actions.pass_on)
        places.living_in.add("alerts", living.living_in)
        navigation_items.add(
            "alerts", NavigationItem("Alerts", "alerts_staff:list", "alerts.read", 20, "/staff/alerts/")
        )
