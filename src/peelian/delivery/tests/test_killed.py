"""Workers that die again and again in the middle of texts and emails."""

from __future__ import annotations

import json
import threading
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
    told, orders, silent, turn = notify.Notify(), Counter[str](), threading.Event(), threading.Lock()
    last = 0  # order that is answered: what comes after it is in flight until the worker is dead

    def answer(asked: Asked) -> Reply:
        if asked.method == "POST":
            with turn:
                orders[json.loads(asked.body)["phone_number"]] += 1
                held = orders.total() > last
            if held:
                silent.wait()
        return told(asked)

    with faking.served(answer) as served:
        more = {"PEELIAN_TEXT_CARRIERS": notify.URL + served.api}
        send = text_to(mobiles(300))
        try:
            for _ in range(KILLS):
                last = orders.total() + 60
                worker = workers.start(more=more, code=LIVELY)
                until(lambda most=last: orders.total() > most)
                worker.kill()
                worker.wait()
            last = 300
            workers.start(more=more, code=LIVELY)
            until(lambda: ended(send), 60)
        finally:
            silent.set()
    found = states(send)
    assert set(orders.values()) == {1}
    assert found[State.HANDED_OVER] + found[State.UNKNOWN] == 300
    assert 0 < found[State.UNKNOWN] <= KILLS * 60  # of the urgent lane a worker claims sixty
    never_ordered = 300 - len(orders)
    assert never_ordered <= found[State.UNKNOWN]  # nobody is lost: each is handed over, or listed as unknown
