"""What an operator can mend."""


class ModelError(Exception):
    """The model can't be used; the message says what to do."""
