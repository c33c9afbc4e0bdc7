"""Made-up names of people, characters and titles; any resemblance to real ones is chance."""

# ruff: noqa: SIM905 - names read better as running text than as a list of strings

from random import Random

FEMALE = (
    "Helena Beatriz Iracema Luíza Conceição Thaís Joana Yara Aurélie Zoë Chloé Inês Małgorzata"
    " Ingrid Solveig Fatima Amara Noriko Yuki Olga Nadezhda Priya Leilani Ximena Lucía Maeve"
    " Rosalind Edith Harriet Cordelia Agnes Dorothea Mirela Ilse Katarzyna Sunniva"
).split()
MALE = (
    "João Caetano Otávio Raimundo Sebastião Benício Ubirajara Thiago Émile Björn Łukasz Gérard"
    " Matteo Ruben Ansel Tobias Kwame Chidi Haruto Kenji Dmitri Yevgeny Arjun Keanu Íñigo Álvaro"
    " Declan Percival Edmund Rufus Silas Ambrose Radu Jürgen Zbigniew Håkon"
).split()
LAST = (
    "Albuquerque Buarque Cavalcanti Drummond Figueiredo Gusmão Holanda Magalhães Nóbrega Peçanha"
    " Queiróz Taunay Vasconcelos Ximenes Araújo Lacombe Delacroix Beaumont Chastenet Lindqvist"
    " Ångström Bjørnson Kowalczyk Wiśniewski Novák Dvořák Horváth Özdemir Papadakis Okonkwo Mensah"
    " Takahashi Fujimoto Rao Chatterjee Kapule Ibáñez Quiñones Etxeberria O'Dwyer Fitzroy"
    " Thistlewood Harrowgate Penhallow Ashdown Merriweather Ionescu Müller Szymański Solberg"
).split()
CHARACTERS = (
    "Detective Inspector Delegado Sergeant Captain Coronel Judge Nurse Enfermeira Widow Informant"
    " Corporal Prisoner Narrator Boss Priest Padre Mother Mãe Lawyer Smuggler Sniper Medic Reporter"
    " Self Barman Neighbour Vizinha Commandant Partisan Thief Ladrão"
).split()

_ADJECTIVES = (
    "Silent Broken Crimson Last Hidden Cold Distant Burning Iron Quiet Forgotten Hollow Stolen"
    " Endless Pale Savage Borrowed Crooked Bitter Restless Northern Seventh Unmarked Drowned"
).split()
_NOUNS = (
    "Harbor Verdict Garden Witness Winter Frontier Letter Mirror Bridge Alibi Trench Siege"
    " Armistice Ransom Ledger Orchard Lighthouse Station Mother Brother Promise Battalion Convoy"
    " Informer Heist Jury Outpost Sentence Deserter Telegram Railway Border Ceasefire Warrant"
).split()
_PLACES = (
    "Recife,São Luís,Belém,Niterói,Ouro Preto,Kraków,Zürich,Besançon,Málaga,Tromsø,Győr,Coimbra,"
    "Antwerp,Cork,Valparaíso,Asunción,Luanda,Nagasaki,Odessa,Izmir"
).split(",")
_FOREIGN: dict[str, tuple[tuple[str, ...], list[str]]] = {
    "pt": (
        ("A {}", "A Última {}", "Uma {} sem Fim", "{} em {}"),
        "Acusação Fuga Estação Herança Prisão Trincheira Canção Traição Manhã Irmã".split(),
    ),
    "fr": (
        ("La {}", "La Dernière {}", "Une {} Oubliée", "{} à {}"),
        "Forêt Vérité Frontière Tranchée Rançon Lumière Mère Fenêtre Défaite Mémoire".split(),
    ),
    "es": (
        ("La {}", "La Última {}", "Una {} sin Nombre", "{} en {}"),
        "Traición Canción Frontera Señal Mañana Cicatriz Condena Batalla Huída".split(),
    ),
    "de": (
        ("Die {}", "Die letzte {}", "{} in {}"),
        "Brücke Mühle Grenze Lüge Wüste Schlacht Flüchtige Wölfin Zeugin".split(),
    ),
    "pl": (("{}", "Ostatnia {}"), "Granica Cisza Zdrada Obława Wieża Przełęcz Źrenica".split()),
}


def person_name(rng: Random, gender: int) -> str:
    """A made-up name; gender as TMDB codes it, 1 female, 2 male."""
    first = rng.choice(FEMALE if gender == 1 else MALE)
    middle = f" {rng.choice(LAST)}" if rng.random() < 0.35 else ""
    return f"{first}{middle} {rng.choice(LAST)}"


def characters(rng: Random) -> tuple[str, ...]:
    """One to three characters of one artist."""
    played = rng.choices(CHARACTERS, k=rng.choice((1, 1, 1, 1, 2, 3)))
    return tuple(played) if len(played) > 1 else (f"{played[0]} {rng.choice(LAST)}",)


def title_names(rng: Random) -> tuple[str, str, str]:
    """Primary title, original title (another one for 23 %), and the original's language."""
    luck = rng.random()
    if luck < 0.62:
        name = _english(rng)
        return name, name, "en"
    language = rng.choice(tuple(_FOREIGN))
    patterns, nouns = _FOREIGN[language]
    original = rng.choice(patterns).format(rng.choice(nouns), rng.choice(_PLACES))
    return (original if luck < 0.77 else _english(rng)), original, language


def with_quotes(name: str, number: int) -> str:
    """The title with double quotes in it: around it, at its end, or a single stray one."""
    return (f'"{name}"', f'{name}: "Part One"', f'The "{name}', f'{name} 12"')[number % 4]


def _english(rng: Random) -> str:
    luck = rng.random()
    if luck < 0.15:
        return rng.choice(_NOUNS)
    if luck < 0.6:
        return f"The {rng.choice(_ADJECTIVES)} {rng.choice(_NOUNS)}"
    if luck < 0.85:
        return f"{rng.choice(_NOUNS)} of {rng.choice(_PLACES)}"
    return f"{rng.choice(_ADJECTIVES)} {rng.choice(_NOUNS)}, {rng.choice(_ADJECTIVES)} Heart"
