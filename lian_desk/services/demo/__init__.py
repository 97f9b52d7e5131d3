"""Demonstration workspaces: invented people, papers that look real, and every state of the service."""
