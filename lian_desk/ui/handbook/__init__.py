"""手册与规则: editions, notices to policyholders, force majeure."""
