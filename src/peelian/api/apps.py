from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "peelian.api"
    label = "api"

    def ready(self) -> None:
        from peelian.api import personal_data  # noqa: F401 (it declares itself)
        from peelian.api.webhooks import happening
        from peelian.core.context import ADMIN, NavigationItem, navigation_items
        from peelian.delivery import hooks

        hooks.send_moved.add("api", happening.send_moved)
        item = NavigationItem("Programs", "api_staff:tokens", "api.manage", 920, "/staff/api/", ADMIN)
        navigation_items.add("api", item)
