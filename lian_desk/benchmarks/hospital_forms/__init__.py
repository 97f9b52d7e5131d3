"""Pages in the layouts of many hospitals, to measure recognition and the door (R1) with.

Two halves are kept apart: ``tuned_forms`` are the layouts that the rules of reading were made with, ``kept_forms`` were
drawn before these rules and are not looked at when a rule is changed. Both are drawn by hand for this purpose and know
nothing of the rules; ``form_set`` draws them as documents, scans and photographs with their truth.
"""
