"""预约: the open requests as board, list and calendar; the dialogs of a booking."""
