from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "peelian.accounts"
    label = "accounts"

    def ready(self) -> None:
        from allauth.account import signals as account
        from allauth.mfa import signals as mfa
        from django.contrib.auth.signals import user_logged_in

        from peelian.accounts import personal_data, receivers, sessions  # noqa: F401 (the first declares itself)
        from peelian.core.context import ADMIN, NavigationItem, navigation_items

        user_logged_in.connect(sessions.on_signed_in)
        mfa.authenticator_added.connect(receivers.second_step_added)
        mfa.authenticator_removed.connect(receivers.second_step_removed)
        mfa.authenticator_reset.connect(receivers.codes_made_again)
        mfa.authentication_failed.connect(receivers.second_step_failed)
        account.password_changed.connect(receivers.password_changed)
        account.password_reset.connect(receivers.password_changed)
        item = NavigationItem(
            "Staff and teams", "accounts_staff:list", "accounts.manage", 900, "/staff/accounts/", ADMIN
        )
        navigation_items.add("accounts", item)
