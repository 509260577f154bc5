from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "peelian.delivery"
    label = "delivery"

    def ready(self) -> None:
        from peelian.delivery import personal_data  # noqa: F401 (declares)
