from django.urls import path

from peelian.delivery.views import inbound, metrics, outbox, webhooks

app_name = "delivery"
urlpatterns = [
    path("metrics", metrics.metrics, name="metrics"),
    path("outbox/", outbox.messages, name="outbox"),
    path("outbox/<int:pk>/", outbox.message, name="outbox_message"),
    path("outbox/<int:pk>/html/", outbox.html_part, name="outbox_html"),
    path("inbound/<str:name>/", inbound.receive, name="inbound_mail"),
    path("webhooks/<str:name>/", webhooks.receive, name="webhook"),
    path("webhooks/<str:name>/<str:reference>/", webhooks.receive, name="webhook_of_one"),
]
