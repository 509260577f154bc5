from django.urls import path

from peelian.api.views import tokens, webhooks

app_name = "api_staff"
urlpatterns = [
    path("", tokens.listed, name="tokens"),
    path("tokens/new/", tokens.new, name="token_new"),
    path("tokens/<int:pk>/revoke/", tokens.revoke, name="token_revoke"),
    path("webhooks/", webhooks.listed, name="webhooks"),
    path("webhooks/new/", webhooks.new, name="webhook_new"),
    path("webhooks/<int:pk>/", webhooks.one, name="webhook"),
    path("webhooks/<int:pk>/test/", webhooks.test, name="webhook_test"),
    path("webhooks/<int:pk>/end/", webhooks.end, name="webhook_end"),
    path("webhooks/<int:pk>/begin/", webhooks.begin, name="webhook_begin"),
    path("webhooks/<int:pk>/again/<int:telling>/", webhooks.again, name="webhook_again"),
]
