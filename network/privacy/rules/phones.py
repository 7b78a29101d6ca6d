"""One phone, written in more than one way, is one phone. Pure.

Three countries changed how mobiles are written, and not everybody follows: WhatsApp writes Mexico's with a 1
that isn't dialed any more, Argentina's with a 9 that many leave out, and Brazil's often without the ninth
digit that has been dialed since 2016. Both forms name one phone: each plan gives out a number once.
"""

import re

_MEXICO = re.compile(r"\+521(\d{10})", re.ASCII)
_ARGENTINA = re.compile(r"\+549(\d{10})", re.ASCII)
_BRAZIL = re.compile(r"\+55(\d{2})([6-9]\d{7})", re.ASCII)  # eight digits that begin so are an old mobile's
_ALSO = ("+52", "+54", "+55")


def dialed(phone: str) -> str:
    """As it is dialed today: +52 1 55 ... without the 1, and Brazil's mobiles with nine digits."""
    if phone[:3] not in _ALSO:
        return phone
    if match := _MEXICO.fullmatch(phone):
        return f"+52{match[1]}"
    if match := _BRAZIL.fullmatch(phone):
        return f"+55{match[1]}9{match[2]}"
    return phone


def canonical(phone: str) -> str:
    """The one form in which phones are compared; not always one that can be dialed."""
    plain = dialed(phone)
    match = _ARGENTINA.fullmatch(plain)
    return f"+54{match[1]}" if match else plain


def forms(phone: str) -> list[str]:
    """All ways in which others may write this phone, its own first."""
    phone_number = canonical(phone)
    also = [phone_number]
    if len(phone_number) == 13 and phone_number.startswith("+52"):
        also.append(f"+521{phone_number[3:]}")
    if len(phone_number) == 13 and phone_number.startswith("+54"):
        also.append(f"+549{phone_number[3:]}")
    if len(phone_number) == 14 and phone_number.startswith("+55") and phone_number[5] == "9":
        also.append(f"{phone_number[:5]}{phone_number[6:]}")
    return list(dict.fromkeys([phone, *also]))
