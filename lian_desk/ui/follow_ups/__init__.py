"""随访: the list of follow-ups and the dialogs that record them."""
