"""A member and a responder who text in Haitian Creole, from the first text to the last."""

import pytest

from network.people.models import Person


@pytest.fixture
def creole(world, settings):
    settings.NETWORK_LANGUAGES = ("en", "es", "ht")
    return world


def test_the_whole_job_is_done_in_creole(creole):
    rosa = creole.member("Rosa", language="ht")
    ana = creole.responder("Ana", language="ht")
    rosa.sends("ede m tanpri")
    assert rosa.got("Ou lakay ou kounye a?", "1 = lakay mwen")
    rosa.sends("lakay mwen")
    assert "Ki sa ou bezwen?" in rosa.last
    rosa.sends("yon moun vini")
    assert rosa.got("N ap chèche yon moun toupre ou")
    assert ana.got("Ou ka ale kounye a?", "kreyòl ayisyen", "mwen ka ale")
    ana.accepts(" nan 20 minit")
    assert ana.got("Se ou ki prale. Adrès:")
    assert rosa.got("Ana nan wout, anviwon 20 minit.")
    ana.sends("mwen rive")
    assert "4 = nou fini" in ana.last
    ana.sends("nou fini")
    assert rosa.got("Ana te vini?")
    rosa.sends("li te vini")
    assert "Nou kontan" in rosa.last


def test_0_goes_round_the_three_and_a_name_goes_straight_there(creole):
    rosa = creole.member("Rosa", language="en")
    for said, answer in (
        ("0", "Le vamos a escribir en español. Kreyòl, English: 0."),
        ("0", "N ap ekri ou an kreyòl. English, Español: 0."),
        ("0", "We will write to you in English. Español, Kreyòl: 0."),
        ("kreyol", "N ap ekri ou an kreyòl. English, Español: 0."),
    ):
        rosa.sends(said)
        assert rosa.got(answer)
    assert Person.objects.get(pk=rosa.person.pk).language == "ht"


def test_a_language_that_the_network_does_not_write_goes_to_a_person(world):
    rosa = world.member("Rosa", language="es")
    rosa.sends("kreyol")
    assert Person.objects.get(pk=rosa.person.pk).language == "es"
    assert "unclear_text" in world.needs()
