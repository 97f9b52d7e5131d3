"""What every feature folder of the user interface shares."""
