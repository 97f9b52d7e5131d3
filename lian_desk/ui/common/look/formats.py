"""Dates, durations and sizes for the eye: the words of ``services/words/formats.py``, where the documents find them too."""

from lian_desk.services.words.formats import (
    age_on,
    clock_time,
    countdown,
    day,
    day_of,
    duration,
    iso_day,
    iso_moment,
    local,
    long_day,
    moment,
    size,
    weekday,
)

__all__ = [
    "age_on",
    "clock_time",
    "countdown",
    "day",
    "day_of",
    "duration",
    "iso_day",
    "iso_moment",
    "local",
    "long_day",
    "moment",
    "size",
    "weekday",
]
