"""The command line: one module per subcommand, on the same services as the window.

No rule and no SQL lives here.
"""
