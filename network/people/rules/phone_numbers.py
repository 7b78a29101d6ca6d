"""A phone number out of what people write. Pure."""

import re
import unicodedata

import phonenumbers

from network.people.rules.plain_text import plain
from network.privacy.rules.phones import dialed

DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")


PHONE_SIGNS = re.compile(r"\(?\+?[\d\s().\/-]+")


PLAINLY_US = re.compile(r"(?:\+?1)?([2-9]\d\d[2-9]\d{6})", re.ASCII)


NORTH_AMERICA = re.compile(r"\+1[2-9]\d\d[2-9]\d{6}", re.ASCII)


def e164(text: str) -> str | None:
    """A phone as +13125550123; ten digits are a US number. None for anything that isn't clearly one phone.

    Letters, an extension and a second number are refused, because this number alone isn't what was meant.
    Area codes and exchanges in North America begin with 2 to 9 (North American Numbering Plan). The result is
    written as it is dialed today: +52 1 55 ... is a Mexican mobile, though the 1 is no longer part of it.
    """
    if us := PLAINLY_US.fullmatch(
        text
    ):  # nearly all of them; the library says the same, fifty times as slowly
        return f"+1{us[1]}" if len(set(us[1])) > 1 else None
    return e164_of_any(text)


def e164_of_any(text: str) -> str | None:
    """Like `e164`, for a number of any country."""
    signs = unicodedata.normalize("NFKC", DASHES.sub("-", plain(text)))
    if not PHONE_SIGNS.fullmatch(signs):
        return None
    try:
        parsed = phonenumbers.parse(signs, "US")
    except phonenumbers.NumberParseException:
        return None
    written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    if (today := dialed(written)) != written:
        parsed.national_number = int(today.removeprefix(f"+{parsed.country_code}"))
    # Seven digits are possible too, but only from next door.
    if phonenumbers.is_possible_number_with_reason(parsed) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    phone = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    if len(set(str(parsed.national_number))) == 1:
        return None
    return phone if parsed.country_code != 1 or NORTH_AMERICA.fullmatch(phone) else None
