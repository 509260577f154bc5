from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "peelian.delivery"
    label = "delivery"

    def ready(self) -> None:
        from peelian.delivery import hooks, personal_data  # noqa: F401 (declares)
        from peelian.delivery.incoming import mailboxes

        hooks.mailboxes.add(mailboxes.RETURN_PATH, mailboxes.RETURNED)
        hooks.mailboxes.add(mailboxes.COMPLAINTS, mailboxes.COMPLAINED)
