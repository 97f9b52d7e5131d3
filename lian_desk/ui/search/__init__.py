"""全文检索: recognised pages, notes and names of materials, searched by any part of a sentence."""
