"""Who is meant by a name, a phone or its ending, for whoever chooses one of them."""

from itertools import batched

from django.db.models import QuerySet

from network.console.shell.reads.people import as_seen
from network.people.models import Person
from network.people.rules.search import SearchTerms, matches, search_terms
from network.privacy.keyring import AT_ONCE, opened
from network.privacy.queries import fingerprint
from network.staff.models import Staff

MOST_CHOICES = 20  # of whom one is chosen


def choices(people: QuerySet[Person], text: str, *, viewer: Staff) -> dict[str, object]:
    """Of these whoever is meant, few enough to choose from, and whether there are more."""
    found = meant(people, search_terms(text), viewer=viewer)
    return {"found": found[:MOST_CHOICES], "more": len(found) > MOST_CHOICES}


def is_meant(person: Person, asked: SearchTerms) -> bool:
    return matches(asked, str(person.name), str(person.phone))


def meant(people: QuerySet[Person], asked: SearchTerms, *, viewer: Staff) -> list[Person]:
    """Who of these is looked for, by name.

    Names are sealed, so all are opened, some at a time and no more of them held; a whole phone opens one.
    """
    if not (asked.phone or asked.ending or asked.name):
        return []
    if asked.phone:
        people = people.filter(fingerprint=fingerprint(asked.phone))
    found = list[Person]()
    for some in batched(opened(people.order_by().iterator(chunk_size=AT_ONCE)), AT_ONCE):
        as_seen(some, viewer=viewer)
        found += [person for person in some if is_meant(person, asked)]
    return sorted(found, key=lambda person: str(person.name).casefold())
