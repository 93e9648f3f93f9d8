"""The form in which rows are kept that no department wrote as a file: one JSON object a row, a line each, in UTF-8.

Keys are the contract's source columns; values are texts, or null where the source has none. What text cannot hold is
written as the escape that JSON has for it (RFC 8259 section 7), so that nothing is changed on the way to landing.
"""

from expectations.contract.formats.jsonl import JsonLines

CANONICAL = JsonLines(format="jsonl", encoding="utf-8")
