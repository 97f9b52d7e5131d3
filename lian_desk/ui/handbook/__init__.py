"""手册与规则: editions, notices to policyholders, force majeure.

The working calendar has a folder of its own.
"""
