"""Somebody who may sign in to the console."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.core.validators import validate_email
from django.utils import timezone

from network.audit.rules import COMMAND_LINE
from network.organizations.models import Organization
from network.people.rules.phone_numbers import e164
from network.staff.actions.accounts import PhoneTaken, add_staff, note_met, set_staff_phone
from network.staff.actions.sign_in_links import make_sign_in_link
from network.staff.models import Staff


class Command(BaseCommand):
    help = (
        "Adds a member of staff and prints a one-time set-up link, on which a passkey, or a "
        "password and codes from an app, is set before anything else opens. For somebody who is "
        "staff already it prints a fresh link."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--role", required=True, choices=Staff.Role.values)
        parser.add_argument("--organization", metavar="SLUG")
        parser.add_argument(
            "--met",
            action="store_true",
            help="you have met whoever holds this account: where two must agree, it counts as a person of "
            "its own, whoever invited or restored it",
        )
        parser.add_argument(
            "--phone",
            help="paged with a need's number when nobody is on; who vouches, or agrees to what takes two, "
            "is known by it as one person",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now, email = timezone.now(), options["email"].strip().lower()
        organization = Organization.objects.filter(slug=options["organization"]).first()
        if options["organization"] and organization is None:
            self._refuse("--organization names no organization: import it first.")
        try:
            validate_email(email)
        except ValidationError:
            self._refuse("EMAIL isn't an e-mail address.")
        phone = e164(options["phone"]) if options["phone"] else None
        if options["phone"] and phone is None:
            self._refuse("--phone isn't a phone number; write +13125550123 or ten digits.")
        known = Staff.objects.filter(email=email).first()
        if known and known.role != options["role"]:
            self._refuse("This e-mail belongs to somebody with another role.")
        try:
            staff = known or add_staff(
                email,
                role=Staff.Role(options["role"]),
                organization=organization,
                phone=phone,
                by=COMMAND_LINE,
                now=now,
            )
            if phone:
                set_staff_phone(staff.pk, phone, by=COMMAND_LINE, now=now)
            if options["met"]:
                note_met(staff.pk, by=None, now=now)
        except PhoneTaken:
            self._refuse("--phone belongs to another account: one person has one account.")
        token = make_sign_in_link(staff, opens_board=False, now=now)
        self.stdout.write(f"{settings.PUBLIC_URL}/sign-in/link#{token}")

    def _refuse(self, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(1)
