"""The ways a message comes in: web page, JSON API, terminal, WeChat."""
