"""One replica of the message channel for `tests.load.wechat_load`: ``PORT ANSWERER``.

``slow`` answers as a slow model would: after a lognormal delay with a median of 3.7 s.
``instant`` answers at once.
``embedded`` is the product's own conversation.
"""

from __future__ import annotations

import logging
import math
import random
import sys
import time

import uvicorn
from fastapi import FastAPI

from bot.channels.service import Conversation, Service
from bot.channels.wechat import webhook
from bot.reply import Reply, Status
from bot.settings import Settings
from bot.startup import share_processor
from tests.load.questions import known_questions

MEDIAN_SECONDS = 3.7
SPREAD = 0.5


class Echo:
    """Answers each question with the question's own words."""

    def __init__(self, *, slow: bool) -> None:
        self._slow = slow

    def reply(self, session: str, message: str, within: float | None = None) -> Reply:
        if self._slow:
            time.sleep(random.lognormvariate(math.log(MEDIAN_SECONDS), SPREAD))
        return Reply(status=Status.ANSWERED, text=f"答案：{message}")

    def choose_region(self, session: str, region: str | None) -> None:
        pass

    def judge(self, session: str, reply: str, verdict: str) -> None:
        pass

    def erase(self, session: str) -> None:
        pass

    def purge(self) -> None:
        pass

    def ready(self) -> bool:
        return True


def _conversation(answerer: str, settings: Settings) -> Conversation:
    if answerer != "embedded":
        return Echo(slow=answerer == "slow")
    from bot.assembly import open_conversation

    conversation = open_conversation(settings, light=True)
    for question in known_questions():
        conversation.reply("warm-up", question)
        conversation.erase("warm-up")
    return conversation


def main() -> None:
    port, answerer = int(sys.argv[1]), sys.argv[2]
    logging.basicConfig(level=logging.WARNING)
    share_processor()
    settings = Settings(_env_file=None)
    app = FastAPI()
    service = Service(_conversation(answerer, settings), {}, settings)
    webhook.install(app, service, settings)
    uvicorn.run(app, host="127.0.0.1", port=port, access_log=False, log_level="warning")


if __name__ == "__main__":
    main()
