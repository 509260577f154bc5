from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "peelian.delivery"
    label = "delivery"

    def ready(self) -> None:
        from peelian.core.context import ADMIN, NavigationItem, navigation_items
        from peelian.delivery import hooks, personal_data  # noqa: F401 (declares)
        from peelian.delivery.incoming import mailboxes

        hooks.mailboxes.add(mailboxes.RETURN_PATH, mailboxes.RETURNED)
        hooks.mailboxes.add(mailboxes.COMPLAINTS, mailboxes.COMPLAINED)
        here = "/staff/delivery/"
        navigation_items.add(
            "operations", NavigationItem("Operations", "delivery_staff:operations", "operations.read", 890, here, ADMIN)
        )
        navigation_items.add(
            "costs", NavigationItem("Costs", "delivery_staff:costs", "costs.read", 895, f"{here}costs/", ADMIN)
        )
