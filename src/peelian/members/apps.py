from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "peelian.members"
    label = "members"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_out

        from peelian.contacts.hooks import suppression_changed
        from peelian.members import audience, following, personal_data, personal_data_doorstep, receivers  # noqa: F401
        from peelian.places.hooks import areas_changed

        suppression_changed.add("members", following.addresses_changed)
        user_logged_out.connect(receivers.signed_out)
        areas_changed.add("members", audience.replace_areas)
        _messages()
        _navigation()


def _messages() -> None:
    from peelian.core.messages import renderers
    from peelian.members.renderers import (
        AlreadyRenderer,
        CodeRenderer,
        ConfirmRenderer,
        ContactChangedRenderer,
        DoorCodeRenderer,
        HelperRenderer,
        InvitationRenderer,
        JoinCodeRenderer,
        NewEmailRenderer,
        RepairRenderer,
        SignInRenderer,
    )

    renderers.add("members.confirm", ConfirmRenderer())
    renderers.add("members.code", CodeRenderer())
    renderers.add("members.join_code", JoinCodeRenderer())
    renderers.add("members.helper", HelperRenderer())
    renderers.add("members.sign_in", SignInRenderer())
    renderers.add("members.door_code", DoorCodeRenderer())
    renderers.add("members.already", AlreadyRenderer())
    renderers.add("members.new_email", NewEmailRenderer())
    for kind in ContactChangedRenderer.SAID:
        renderers.add(f"members.{kind}_changed", ContactChangedRenderer(kind))
    renderers.add("members.invitation", InvitationRenderer())
    renderers.add("members.repair", RepairRenderer())


def _navigation() -> None:
    from peelian.core.context import RESIDENTS, NavigationItem, navigation_items

    item = NavigationItem("Residents", "members_staff:list", "members.read", 40, "/staff/members/", RESIDENTS)
    navigation_items.add("members", item)
    campaigns = NavigationItem(
        "Campaigns", "members_staff:campaigns", "campaigns.read", 43, "/staff/members/campaigns/", RESIDENTS
    )
    navigation_items.add("campaigns", campaigns)
    network = NavigationItem(
        "Network", "members_staff:network", "network.keep", 41, "/staff/members/network/", RESIDENTS
    )
    navigation_items.add("network", network)
    item = NavigationItem("Doorstep", "members_staff:doorstep", "doorstep.work", 46, "/staff/members/doorstep/")
    navigation_items.add("doorstep", item)
