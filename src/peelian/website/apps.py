from django.apps import AppConfig


class WebsiteConfig(AppConfig):
    name = "peelian.website"
    label = "website"
