from django.apps import AppConfig


class WebsiteConfig(AppConfig):
    name = "peelian.website"
    label = "website"

    def ready(self) -> None:
        from peelian.core.context import NavigationItem, navigation_items
        from peelian.website import personal_data  # noqa: F401 (says what is kept of whom)

        navigation_items.add(
            "website", NavigationItem("Website", "website_staff:index", "website.figures", 80, "/staff/website/")
        )
