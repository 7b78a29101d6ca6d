"""Set our number up at the carrier, and try it."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from network.messaging import fallback
from network.messaging.contacts import contact_of
from network.messaging.gateway import account
from network.messaging.models import Inbound
from network.messaging.outbox import sending
from network.messaging.outbox.queueing import Purpose, queue
from network.messaging.rules.states import Lane
from network.messaging.texts.keys import Text
from network.people.rules.phone_numbers import e164

OPT_OUT_WORDS = {
    "en": {
        "STOP": "{prefix}: You will get no more texts from us. Text START to get them again.",
        "START": "{prefix}: You get our texts again. Text STOP to stop them.",
        "HELP": "{prefix}: A person reads your texts. Text STOP to stop ours.",
    },
    "es": {
        "STOP": "{prefix}: Ya no recibe nuestros mensajes. Para recibirlos otra vez, mande START.",
        "START": "{prefix}: Ya va a recibir nuestros mensajes otra vez. Para salir, mande STOP.",
        "HELP": "{prefix}: Una persona lee sus mensajes. Para salir, mande STOP.",
    },
    "ht": {
        "STOP": "{prefix}: Ou p ap resevwa mesaj nou ankò. Pou resevwa yo ankò, voye START.",
        "START": "{prefix}: W ap resevwa mesaj nou ankò. Pou sispann yo, voye STOP.",
        "HELP": "{prefix}: Yon moun li mesaj ou yo. Pou sispann mesaj nou yo, voye STOP.",
    },
}
ANSWER_WITHIN_S = 180


class Command(BaseCommand):
    help = (
        "Reads the carrier's account, points the number (and the Messaging Service) at PUBLIC_URL with "
        "retries and fallbacks, prints the opt-out texts and the answers for when we are down, and with "
        "--test sends a text and waits for an answer. "
        "Needs TWILIO_ACCOUNT_SID, a key or token, TWILIO_NUMBER and PUBLIC_URL."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what is wrong")
        parser.add_argument(
            "--fallback", default="", help="an address on another machine, for when we are down"
        )
        parser.add_argument(
            "--voice-fallback", default="", help="the address of the answer to calls, at the carrier"
        )
        parser.add_argument("--test", metavar="PHONE", help="a phone at hand: it gets a text, answer it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["dry_run"]:
                line = account.read()
            else:
                given = {name: options[name] for name in ("fallback", "voice_fallback")}
                line = account.set_up(**given)
        except account.NoAccount as missing:
            raise CommandError(str(missing)) from None
        wrong = account.wrong_with(line, public_url=settings.PUBLIC_URL)
        for what in wrong:
            self.stderr.write(f"wrong: {account.MENDS[what]}")
        if not wrong:
            self.stdout.write("The number is set up.")
        self._words()
        self._while_down()
        if options["test"]:
            self._test(options["test"])
        if wrong:
            raise CommandError("Not everything is right yet: see above.")

    def _words(self) -> None:
        self.stdout.write(
            "\nPaste into the service's Opt-Out Management (never set AYUDA as a keyword there):"
        )
        for language in settings.NETWORK_LANGUAGES:
            for word, text in OPT_OUT_WORDS[language].items():
                self.stdout.write(f"  {language} {word:5} {text.format(prefix=settings.NETWORK_PREFIX)}")

    def _while_down(self) -> None:
        """What the carrier is to answer without us, each as one document on a server of its own."""
        for what, option, document in (
            ("a text", "--fallback", fallback.to_a_text()),
            ("a call", "--voice-fallback", fallback.to_a_call()),
        ):
            self.stdout.write(
                f"\nThe answer to {what} while we are down: keep it at the carrier (a TwiML Bin), and give "
                f"its address by {option}.\n{document}"
            )

    def _test(self, phone: str) -> None:
        number = e164(phone)
        if number is None:
            raise CommandError("--test isn't a phone number: write +13125550123 or ten digits.")
        began = timezone.now()
        owed = queue(number, Text.SETUP_TEST, "en", purpose=Purpose(Lane.STAFF), now=began)
        if owed is None:
            raise CommandError("This phone has stopped our texts, or can't be texted: take another.")
        sending.drain()
        owed.refresh_from_db()
        self.stdout.write(f"\nTest text: {owed.state}. Answer it on the phone ...")
        deadline = time.monotonic() + ANSWER_WITHIN_S
        while time.monotonic() < deadline:
            answers = Inbound.objects.filter(contact=contact_of(number, now=began), received_at__gt=began)
            if answer := answers.first():
                how = (
                    "by the carrier's list: its webhook does not reach us" if answer.fetched else "by webhook"
                )
                self.stdout.write(f"The answer came {how}.")
                return
            time.sleep(0.5)
        raise CommandError("No answer came. Is Porchlight running where PUBLIC_URL leads?")
