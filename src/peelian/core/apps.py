from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "peelian.core"
    label = "core"

    def ready(self) -> None:
        from peelian.core import files  # noqa: F401 (declares itself)
