from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "peelian.members"
    label = "members"

    def ready(self) -> None:
        from peelian.contacts.hooks import suppression_changed
        from peelian.core.context import NavigationItem, navigation_items
        from peelian.core.messages import renderers
        from peelian.members import audience, following, personal_data  # noqa: F401 (fills the register)
        from peelian.members.renderers import (
            AlreadyRenderer,
            CodeRenderer,
            ConfirmRenderer,
            ContactChangedRenderer,
            NewEmailRenderer,
            RepairRenderer,
            SignInRenderer,
        )
        from peelian.places.hooks import areas_changed

        suppression_changed.add("members", following.addresses_changed)
        areas_changed.add("members", audience.replace_areas)
        renderers.add("members.confirm", ConfirmRenderer())
        renderers.add("members.code", CodeRenderer())
        renderers.add("members.sign_in", SignInRenderer())
        renderers.add("members.already", AlreadyRenderer())
        renderers.add("members.new_email", NewEmailRenderer())
        for kind, words in {"email": "email address", "mobile": "mobile number", "landline": "landline"}.items():
            renderers.add(f"members.{kind}_changed", ContactChangedRenderer(words))
        renderers.add("members.repair", RepairRenderer())
        item = NavigationItem("Residents", "members_staff:list", "members.read", 40, "/staff/members/")
        navigation_items.add("members", item)
