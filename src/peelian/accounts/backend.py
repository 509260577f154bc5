from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser


class StaffBackend(AuthenticationBackend):  # type: ignore[misc]
    """Signs staff in, and says at every request whether their account still counts."""

    def user_can_authenticate(self, user: AbstractBaseUser | None) -> bool:
        """Active, and no demo account outside demo mode. Asked at each request: a session ends when this does."""
        if user is None or not user.is_active:
            return False
        return bool(settings.PEELIAN_DEMO or not getattr(user, "is_demo", False))
