"""How the child says no: an error code of the program and its parameters, nothing about the content."""

from lian_desk.models.errors import ErrorCode


class Refusal(Exception):
    """A document is not what it should be; crosses the pipe as code and parameters."""

    def __init__(self, code: ErrorCode, **parameters: int) -> None:
        super().__init__(code.value)
        self.code = code
        self.parameters = parameters
