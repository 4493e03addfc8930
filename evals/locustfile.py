"""Load for ``locust -f evals/locustfile.py``: patients who talk as the question sets do."""

from __future__ import annotations

import random
from uuid import uuid4

from locust import HttpUser, between, task

from evals.sets import find, read

_TALKS = [talk for one in read(find([])).values() for talk in one.conversations]


class Patient(HttpUser):  # type: ignore[misc]  # locust is no part of the environment
    """Has one conversation after the other, and reads each answer for a while."""

    wait_time = between(1, 5)

    @task  # type: ignore[untyped-decorator]
    def talk(self) -> None:
        """Say every message of a conversation, as a new patient."""
        session = uuid4().hex
        for turn in random.choice(_TALKS).turns:  # noqa: S311
            message = {"session": session, "message": turn.say}
            self.client.post("/api/chat", json=message)
            self.wait()
