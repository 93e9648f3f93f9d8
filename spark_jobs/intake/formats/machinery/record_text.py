"""The fields of one record's text, for the header."""


def split_fields(text: str, delimiter: str, quoted: bool) -> list[str]:
    """Fields of a record without its line terminator, quotes removed."""
    fields: list[str] = []
    position = 0
    while True:
        field = ""
        if quoted and text[position : position + 1] == '"':
            field, position = _quoted(text, position)
        end = text.find(delimiter, position)
        if end < 0:
            return [*fields, field + text[position:]]
        fields.append(field + text[position:end])
        position = end + 1


def _quoted(text: str, opened: int) -> tuple[str, int]:
    """The text in quotes that opens there, and the position after its closing quote."""
    closed = text.find('"', opened + 1)
    while closed >= 0 and text[closed + 1 : closed + 2] == '"':
        closed = text.find('"', closed + 2)
    if closed < 0:
        return text[opened + 1 :].replace('""', '"'), len(text)
    return text[opened + 1 : closed].replace('""', '"'), closed + 1
