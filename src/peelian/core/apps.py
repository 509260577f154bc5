from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "peelian.core"
    label = "core"
