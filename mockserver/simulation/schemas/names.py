"""What a text is like by the name of its property: `email`, `homeCity`, `created_at`, `step_title`.

Faker makes most of them, from the caller's dice. It is imported and set up by the first text that needs it; each
thread has its own, because a Faker holds the dice it throws. Dates never come from Faker, which would read the
clock, and links are its words in `example.com`, which leads nowhere.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from threading import local
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mockserver.chance import Random

Words = tuple[str, ...]
Make = Callable[[Any, "Random"], str]

_PROVIDERS = (
    "address",
    "color",
    "company",
    "currency",
    "file",
    "internet",
    "job",
    "lorem",
    "person",
    "phone_number",
)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_FIRST_DAY = datetime(2024, 1, 1, tzinfo=UTC)
_DAYS = 731
_of_thread = local()


@lru_cache(maxsize=4096)
def words_of(name: str) -> Words:
    """Return the words of a property's name in small letters: `homeCity` and `home_city` are the same."""
    return tuple(word.lower() for word in _WORD.findall(name))


def faker(rng: "Random") -> Any:
    """Return the Faker of this thread, which throws these dice until somebody asks for it again."""
    if not hasattr(_of_thread, "faker"):
        from faker import Factory  # noqa: PLC0415 - a quarter of a second, spent only if a text is made

        providers = [f"faker.providers.{name}" for name in _PROVIDERS]
        _of_thread.faker = Factory.create("en_US", providers=providers, use_weighting=False)
    _of_thread.faker.random = rng
    return _of_thread.faker


def some_time(rng: "Random") -> datetime:
    """Return a moment of the two years from 2024 on, at a full minute."""
    return _FIRST_DAY + timedelta(
        days=rng.randrange(_DAYS), hours=rng.randrange(24), minutes=rng.randrange(60)
    )


def called(words: Words, rng: "Random") -> str:
    """Return a text for a property whose name has these words: a few words of no meaning if they say nothing."""
    return _maker(words)(faker(rng), rng)


def _maker(words: Words) -> Make:
    if not words:
        return _few_words
    *rest, last = words
    for known in (" ".join(words[-2:]), last, last.removesuffix("s")):
        if known in _MAKERS:
            return _MAKERS[known]
    if last == "name":
        return _MAKERS.get(rest[-1], _title) if rest else _person
    if rest and last in _MOMENTS:
        return _MOMENTS[last]
    return _few_words


def _by(method: str) -> Make:
    return lambda fake, _: str(getattr(fake, method)())


def _one_of(texts: str) -> Make:
    return lambda _, rng: rng.choice(texts.split())


def _when(written: str) -> Make:
    return lambda _, rng: some_time(rng).strftime(written)


def _signs(signs: str, count: int) -> Make:
    return lambda _, rng: "".join(rng.choices(signs, k=count))


def _person(fake: Any, _: "Random") -> str:
    return f"{fake.first_name()} {fake.last_name()}"


def _few_words(fake: Any, rng: "Random") -> str:
    return " ".join(fake.words(rng.randint(2, 3)))


def _title(fake: Any, rng: "Random") -> str:
    return " ".join(fake.words(rng.randint(2, 4))).title()


def _sentences(fake: Any, rng: "Random") -> str:
    return " ".join(fake.sentences(rng.randint(1, 2)))


def _question(fake: Any, _: "Random") -> str:
    return f"{str(fake.sentence()).removesuffix('.')}?"


def _link(fake: Any, _: "Random") -> str:
    return f"https://example.com/{fake.slug()}"


def _picture(fake: Any, _: "Random") -> str:
    return f"https://example.com/{fake.slug()}.png"


def _place(fake: Any, _: "Random") -> str:
    return f"{fake.city()}, {fake.country()}"


def _address(fake: Any, _: "Random") -> str:
    return f"{fake.street_address()}, {fake.city()}, {fake.state_abbr()} {fake.postcode()}"


def _price(_: Any, rng: "Random") -> str:
    return f"{rng.randint(1, 99)}.{rng.randint(0, 99):02d}"


def _version(_: Any, rng: "Random") -> str:
    return f"{rng.randint(0, 4)}.{rng.randint(0, 20)}.{rng.randint(0, 9)}"


def _ip(_: Any, rng: "Random") -> str:
    return f"192.0.2.{rng.randint(1, 254)}"


_DATE, _MOMENT = _when("%Y-%m-%d"), _when("%Y-%m-%dT%H:%M:00Z")
_MOMENTS = {"at": _MOMENT, "on": _DATE}
_CLEAR = "abcdefghjkmnpqrstuvwxyz23456789"  # signs that are not taken for one another
_SAYINGS = (
    "answer, bio, body, comment, content, description, detail, explanation, feedback, instruction, message, note, "
    "prompt, reason, reasoning, response, summary, text, thought, output, review, paragraph, rationale, analysis"
)
_PERSONS = (
    "assignee, author, contact, customer, friend, manager, member, owner, participant, patient, person, player, "
    "recipient, sender, speaker, student, teacher, user, attendee, full name, people, employee, child, children, "
    "actor, director, artist, candidate, guest, passenger, client, colleague, parent, lead"
)

#: by the last two words of a name, else by its last
_MAKERS: dict[str, Make] = {
    name: make
    for make, names in (
        (_person, _PERSONS),
        (_sentences, _SAYINGS),
        (_title, "title, headline, heading, subject, event, product, project, movie, book"),
        (_question, "question"),
        (_by("sentence"), "sentence"),
        (_by("word"), "word, tag, keyword, label, category, topic, icon, key, ingredient, genre"),
        (_by("first_name"), "first name, firstname, given name"),
        (_by("last_name"), "last name, lastname, family name, surname"),
        (_by("user_name"), "username, nickname, handle, login"),
        (_by("email"), "email, email address, mail"),
        (_by("basic_phone_number"), "phone, phone number, mobile, telephone, fax"),
        (_by("job"), "job, job title, occupation, profession, role, position"),
        (_by("company"), "company, organization, organisation, employer, brand, vendor, supplier, publisher"),
        (_address, "address"),
        (_by("street_address"), "street, street address"),
        (_by("city"), "city, town, destination, origin"),
        (_by("state"), "state, region, province"),
        (_by("postcode"), "zip, zip code, postcode, postal code"),
        (_by("country"), "country, nationality"),
        (_by("country_code"), "country code"),
        (_place, "location, place, venue"),
        (_by("currency_code"), "currency, currency code"),
        (_by("language_name"), "language"),
        (_by("language_code"), "language code, lang"),
        (_one_of("en-US en-GB de-DE fr-FR nb-NO ja-JP"), "locale"),
        (_one_of("Europe/Oslo Europe/London America/New_York Asia/Tokyo UTC"), "timezone, time zone"),
        (_one_of("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"), "day, weekday"),
        (_one_of("January February March April May June July August September October"), "month"),
        (_when("%Y"), "year"),
        (_DATE, "date, deadline, birthday, birth, due"),
        (_when("%H:%M"), "time"),
        (_MOMENT, "datetime, date time, timestamp"),
        (_by("color_name"), "color, colour"),
        (_by("hex_color"), "hex, hex color"),
        (_link, "link, uri, url, website, homepage, source"),
        (_picture, "image, image url, picture, photo, avatar, thumbnail, logo"),
        (_ip, "ip, ip address"),
        (_by("slug"), "slug"),
        (_by("file_name"), "file, file name, filename, document, attachment"),
        (_by("file_path"), "path, filepath"),
        (_price, "price, amount, cost, total"),
        (_version, "version"),
        (_signs("0123456789abcdef", 8), "id, uuid, hash, sha"),
        (_signs(_CLEAR.upper(), 6), "code, sku, reference"),
        (_signs(_CLEAR, 12), "password, secret, token"),
    )
    for name in names.split(", ")
}
