"""全文检索: recognised pages, notes and names of materials, searched by any part of a sentence.

Finding a person by name is the palette of ``common.shell``.
"""
