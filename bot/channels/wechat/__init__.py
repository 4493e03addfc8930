"""The message bot: a WeChat Official Account (公众号) as a second door to the conversation.

::

    webhook ─► protocol            HTTP; signatures, AES, messages
       └────► channel              kept, answered, shown or sent
                ├─ waiting             deliveries that are due, and those who decide for them
                ├─ inbox  jobs  outbox ─► showing ─► statements ─► tables
                ├─ pump                takes work from the database
                ├─ splitting  commands  phrases
                └─ platform            the three calls to WeChat

``webhook.install(app, service, settings)`` adds it to an application. `docs/wechat.md` tells how to
set an account up; ``python -m bot.wechat simulate`` plays the platform.
"""
