"""材料是否齐全: what is missing, and the message that asks the customer for it.

Taking the material in is in ``materials``.
"""
