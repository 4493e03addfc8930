"""``python -m bot.wechat``, see `bot.channels.wechat.__main__`."""

import sys

from bot.channels.wechat.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
