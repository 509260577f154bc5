from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "peelian.places"
    label = "places"
