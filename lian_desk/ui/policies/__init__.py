"""保单: verify, suspend, reinstate, terminate."""
