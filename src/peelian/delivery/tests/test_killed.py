"""Workers that die again and again in the middle of texts and emails."""

from __future__ import annotations

import json
from collections import Counter

from peelian.delivery.carriers.notify.tests import fake as notify
from peelian.delivery.carriers.tests import faking
from peelian.delivery.carriers.tests.faking import Asked, Reply
from peelian.delivery.models import State
from peelian.delivery.tests import renderer  # noqa: F401 (registers itself)
from peelian.delivery.tests.conftest import LIVELY, ended, mobiles, states, text_to, until

KILLS = 2


def test_of_texts_none_goes_twice_however_often_a_worker_is_killed(workers):
    """What was in flight is unknown, and that is all that is: test_reconciling asks the carrier about it."""
    told, orders = notify.Notify(), Counter[str]()

    def answer(asked: Asked) -> Reply:
        if asked.method == "POST":
            orders[json.loads(asked.body)["phone_number"]] += 1
        return told(asked)._replace(after=0.03)

    with faking.served(answer) as served:
        more = {"PEELIAN_TEXT_CARRIERS": notify.URL + served.api}
        send = text_to(mobiles(300))
        for _ in range(KILLS):
            worker, before = workers.start(more=more, code=LIVELY), orders.total()
            until(lambda before=before: orders.total() > before + 60)
            worker.kill()
            worker.wait()
        workers.start(more=more, code=LIVELY)
        until(lambda: ended(send), 60)
    found = states(send)
    assert set(orders.values()) == {1}
    assert found[State.HANDED_OVER] + found[State.UNKNOWN] == 300
    assert 0 < found[State.UNKNOWN] <= KILLS * 60  # of the urgent lane a worker claims sixty
    never_ordered = 300 - len(orders)
    assert never_ordered <= found[State.UNKNOWN]  # nobody is lost: each is handed over, or listed as unknown
