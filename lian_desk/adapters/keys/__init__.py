"""The keys of a workspace and the envelope that keeps them wrapped."""
