"""lian_desk (就医协助台): the desk of the case managers of Lian Life's medical visit assistance."""

__version__ = "0.1.0"
