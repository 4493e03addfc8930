"""The settings' documentation is complete and true."""

from __future__ import annotations

from pathlib import Path

from dotenv import dotenv_values

from bot.settings import Settings

EXAMPLE = Path(__file__).parents[2] / ".env.example"


def test_the_example_names_every_setting_with_its_default() -> None:
    documented = {name.lower() for name in dotenv_values(EXAMPLE)}
    assert documented == set(Settings.model_fields)
    assert Settings(_env_file=EXAMPLE) == Settings(_env_file=None)  # type: ignore[call-arg]
