"""A text message carries the recipient's own link, like an email does."""

import pytest

from peelian.alerts.tests import factories as make
from peelian.core.messages import TOKEN, renderers
from peelian.delivery import tokens
from peelian.delivery.rendering import text_filler


@pytest.mark.django_db
def test_a_text_holds_the_recipients_own_link():
    alert = make.make_draft(make.make_force())
    words = renderers["alerts.alert"].text(alert.pk)
    assert TOKEN in words
    said = text_filler(words, 7)(9, "+447700900001").decode()
    assert TOKEN not in said
    assert tokens.make(7, 9) in said
