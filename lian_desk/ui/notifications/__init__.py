"""提醒: promises that run out are told in the window, by the system, and in the list behind the bell."""
