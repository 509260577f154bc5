from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "peelian.audit"
    label = "audit"

    def ready(self) -> None:
        from peelian.audit import personal_data  # noqa: F401 (declares itself)
        from peelian.core.context import ADMIN, NavigationItem, navigation_items

        navigation_items.add(
            "audit", NavigationItem("Audit", "audit_staff:trail", "audit.read", 950, "/staff/audit/", ADMIN)
        )
