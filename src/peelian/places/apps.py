from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "peelian.places"
    label = "places"

    def ready(self) -> None:
        from peelian.core.context import NavigationItem, navigation_items

        navigation_items.add(
            "places", NavigationItem("Areas", "places_staff:list", "places.read", 60, "/staff/places/")
        )
