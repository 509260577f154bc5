from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "peelian.insight"
    label = "insight"

    def ready(self) -> None:
        from peelian.core.context import NavigationItem, navigation_items
        from peelian.insight import prefills, tasks  # noqa: F401 (declare themselves)
        from peelian.insight.parts import PARTS

        for part in PARTS:
            for module in ("rollups", "pages", "personal_data", "tasks"):  # each says what it adds
                name = f"peelian.insight.{part}"
                if find_spec(name) and find_spec(f"{name}.{module}"):
                    import_module(f"{name}.{module}")
        navigation_items.add(
            "insight", NavigationItem("Insight", "insight_staff:overview", "insight.read", 70, "/staff/insight/")
        )
