"""A renderer for tests."""

from peelian.core.messages import TOKEN, EmailParts
from peelian.delivery.hooks import renderers


class ForTests:
    def email(self, object_id: int) -> EmailParts:
        link = f"https://now.example/m/{TOKEN}/"
        return EmailParts(
            subject="Vans on Mill Lane – be careful",
            text=f"Two vans were opened.\n\n.A line that begins with a dot\n\nAnswer: {link}\n",
            html=f'<p>Two vans were opened, by “somebody”.</p><p><a href="{link}">Answer</a></p>',
            from_name='Elm "Bridge" team',
            unsubscribe=True,
        )

    def text(self, object_id: int) -> str:
        return "Elm Bridge police: two vans were opened. https://now.example/s/1/"

    def voice(self, object_id: int) -> str:
        return "This is the police. Two vans were opened."


if "delivery.test" not in renderers:
    renderers.add("delivery.test", ForTests())
