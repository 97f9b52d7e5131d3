"""保单效力: look the status up again, suspend, restore, terminate (R4 to R7).

The tab that shows a policy is in ``assistance_files``.
"""
