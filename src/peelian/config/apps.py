from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Composes the installation; holds the commands that concern it as a whole (run, web, worker, stop, doctor,
    demo)."""

    name = "peelian.config"
    label = "config"
