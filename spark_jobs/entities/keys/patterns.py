"""Parts of regular expressions that Java's engine and Rust's read alike: neither looks around nor back.

Java's `.` and `$` know five ends of a line, Rust's one; so they are for texts that have none, and for others there is
`ANY`.
"""

LINE_ENDS = "\\n\\r\\u0085\\u2028\\u2029"
"""What ends a line, within a character class."""
ANY = f"[^{LINE_ENDS}]"
"""Any character of a line."""
AT_END = rf"(?:\r\n|[{LINE_ENDS}])?\z"
"""The end of a text, or of its line where no other follows."""


def throughout(characters: str, times: int, or_more: bool = False) -> str:
    """One of some characters, which have no meaning in regular expressions, so many times on end."""
    return "(?:" + "|".join(f"{each}{{{times}{',' if or_more else ''}}}" for each in characters) + ")"
