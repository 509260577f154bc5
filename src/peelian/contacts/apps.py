from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "peelian.contacts"
    label = "contacts"
