"""Check digits by the letter of the standards, one number at a time: not the generator's code."""

_SYMBOLS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def is_citizen_number(number: str) -> bool:
    """GB 11643-1999: ISO 7064 MOD 11-2 over seventeen digits read in base 13."""
    if len(number) != 18 or not number[:17].isdigit():
        return False
    return number[17] == "0123456789X"[(1 - 2 * int(number[:17], 13)) % 11]


def is_social_credit_code(code: str) -> bool:
    """GB 32100-2015, with the organisation code of GB 11714 within."""
    if len(code) != 18 or set(code) - set(_SYMBOLS):
        return False
    total = sum(_SYMBOLS.index(symbol) * 3**place for place, symbol in enumerate(code[:17]))
    return code[17] == _SYMBOLS[-total % 31] and _is_organisation_code(code[8:17])


def _is_organisation_code(code: str) -> bool:
    total = sum(int(symbol, 36) * weight for symbol, weight in zip(code, (3, 7, 9, 10, 5, 8, 4, 2), strict=False))
    return code[8] == "0123456789X"[-total % 11]


def is_registration_number(number: str) -> bool:
    """GS 15-2006: ISO 7064 MOD 11,10; the product over all fifteen digits ends in one."""
    if len(number) != 15 or not number.isdigit():
        return False
    product = 10
    for digit in number[:14]:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return (product + int(number[14])) % 10 == 1


def is_vehicle_number(number: str) -> bool:
    """GB 16735-2019, 5.4: the ninth character is the weighted sum of the others modulo 11, X for ten."""
    values = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)), strict=True))
    if len(number) != 17 or set(number) - set(values) - set("0123456789"):
        return False
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    total = sum(values.get(c, ord(c) - ord("0")) * weight for c, weight in zip(number, weights, strict=True))
    return number[8] == "0123456789X"[total % 11]
