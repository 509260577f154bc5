from django.urls import path

from peelian.delivery import views

app_name = "delivery"
urlpatterns = [
    path("outbox/", views.messages, name="outbox"),
    path("outbox/<int:pk>/", views.message, name="outbox_message"),
    path("outbox/<int:pk>/html/", views.html_part, name="outbox_html"),
]
