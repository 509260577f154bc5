"""/api/v1/threads/…/answers: a resident is answered by program, once and by the rules of the page."""

import pytest

from peelian.alerts.tests.factories import jobs_named
from peelian.api.tests.program import Program
from peelian.audit.models import Event
from peelian.conversations import actions as conversations
from peelian.conversations.models import Message, SavedAnswer, Thread
from peelian.conversations.tests.factories import make_thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread(force):
    return make_thread(force.team)


def last(officer):
    return officer.get("staff/threads")["items"][0]["last_message"]


def test_an_answer_goes_to_the_resident_once_and_the_trail_says_by_which_token(force, officer, thread):
    said = {"text": "Thank you. We have looked at it.", "read_up_to": last(officer)}
    made = officer.post(f"threads/{thread.pk}/answers", said, 201, key="k1")
    assert officer.post(f"threads/{thread.pk}/answers", said, 201, key="k1") == made
    officer.post(f"threads/{thread.pk}/answers", {**said, "text": "Other."}, 409, key="k1")
    answer = Message.objects.get(thread=thread, how=Message.How.STAFF)
    assert (made["message"], answer.by, answer.text) == (answer.pk, force.officer, "Thank you. We have looked at it.")
    assert made["page"].endswith(f"/staff/conversations/{thread.pk}/")
    assert [args["object_id"] for args, _ in jobs_named("delivery.transactional")].count(answer.pk) == 1
    assert Event.objects.filter(verb="conversation.answered").count() == 1
    assert Event.objects.filter(verb="token.wrote", data__operation="answer").count() == 1
    assert Thread.objects.get().state == "waiting-for-resident"


def test_the_rules_of_the_page_hold(force, officer, thread):
    address, read = f"threads/{thread.pk}/answers", last(officer)
    conversations.write_again(thread_id=thread.pk, text="One more thing.", how=Message.How.LINK, by=force.officer)
    refused = officer.post(address, {"text": "Thank you.", "read_up_to": read}, 409)
    assert "Something new was said" in refused["detail"]
    read = last(officer)
    SavedAnswer.objects.create(team=force.team, title="Thanks", text="Thank you for telling us.")
    refused = officer.post(address, {"text": "Thank you for telling us.", "read_up_to": read}, 409)
    assert "word for word" in refused["detail"]
    for text in ("", " \n", "x" * 20_001):
        assert officer.post(address, {"text": text, "read_up_to": read}, 422)["errors"][0]["pointer"] == "/text"
    officer.post(address, {"text": "No number."}, 422)
    conversations.close(thread=thread, reason="Solved.", by=force.officer)
    assert "closed" in officer.post(address, {"text": "More.", "read_up_to": last(officer)}, 409)["detail"]
    assert not Message.objects.filter(thread=thread, how=Message.How.STAFF, closing=False).exists()


def test_not_without_the_scope_nor_out_of_scope_nor_where_there_is_none(force, thread):
    said = {"text": "Hello.", "read_up_to": 1}
    Program(force.officer, "conversations:read").post(f"threads/{thread.pk}/answers", said, 403)
    everything = Program(force.officer, "conversations:answer")
    everything.post(f"threads/{thread.pk + 1}/answers", said, 404)
    for number in ("0", "9" * 20, "x"):
        everything.post(f"threads/{number}/answers", said, 422)
