"""One timer tells seconds and minutes, also after a sleep."""

from datetime import UTC, datetime, timedelta

from lian_desk.ui.common.shell.live_clock import LiveClock


def test_a_minute_is_told_once_even_after_a_long_sleep(qapp):
    moment = [datetime(2026, 9, 30, 6, 20, 58, tzinfo=UTC)]
    clock = LiveClock(lambda: moment[0])
    seconds, minutes = [], []
    clock.second_passed.connect(seconds.append)
    clock.minute_passed.connect(minutes.append)
    for step in (1, 1, 1, 9000):
        moment[0] += timedelta(seconds=step)
        clock.tick()
    assert len(seconds) == 4
    assert minutes == [datetime(2026, 9, 30, 6, 21, tzinfo=UTC), moment[0]]
    clock.start()
    assert clock._timer.isActive()
    clock.stop()
    assert not clock._timer.isActive()
