"""``python -m bot "question"`` answers once; without a question it is a conversation."""

from __future__ import annotations

import argparse
import logging
import secrets
import sys

from bot.channels import terminal
from bot.reply import Reply


def main(arguments: list[str] | None = None) -> int:
    """Answer in the terminal; 2 where settings, index or database can't be used."""
    parser = argparse.ArgumentParser(prog="python -m bot", description="Ask about the policies.")
    parser.add_argument("question", nargs="*", help="without it: a conversation")
    parser.add_argument("--json", action="store_true", help="print the reply as POST /api/chat")
    parser.add_argument("--session", help="continue this session; without it nothing is kept")
    asked = parser.parse_args(arguments)

    # After the arguments: --help shall not wait for the models.
    from bot.assembly import open_conversation
    from bot.startup import STARTUP_ERRORS, configure_log, explain, read_settings

    configure_log(logging.WARNING)
    try:
        conversation = open_conversation(read_settings(), light=True)
    except STARTUP_ERRORS as error:
        print(explain(error), file=sys.stderr)
        return 2

    def show(reply: Reply) -> str:
        if asked.json:
            return reply.model_dump_json()
        return terminal.shown(reply, colour=sys.stdout.isatty())

    session = f"terminal:{asked.session or secrets.token_hex(16)}"
    try:
        if asked.question:
            print(show(conversation.reply(session, " ".join(asked.question))))
        else:
            terminal.converse(conversation, session, show)
    finally:
        if not asked.session:
            conversation.erase(session)
    return 0


if __name__ == "__main__":
    sys.exit(main())
