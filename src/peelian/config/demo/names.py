"""Invented names: of wards, streets and people. None is meant to be anybody's or anywhere's."""

from __future__ import annotations

import numpy as np

WARDS = (
    "Quillerton", "Sallowmere", "Pewitbrook", "Linnetholt", "Teaselby", "Orrismoor", "Curlewstead", "Emberlow",
    "Fennockshaw", "Dabberton", "Hesselgate", "Marrowfield", "Rookanger", "Sorrelhurst", "Tarnbrigg", "Vintry Lees",
    "Wexleigh Marsh", "Yarrowden", "Umberwell", "Plovermead", "Osterlow", "Nettlecross Vale", "Mossenby", "Larkenhythe",
    "Kesterwood", "Juddlestone", "Inklebrook", "Hollinquay", "Gorseleigh Fold", "Fallowquern", "Elverstow", "Dunnockby",
    "Cinderwick", "Brindlemoor", "Ashquarry", "Wickermere", "Tolliver Bank", "Sedgequay", "Ravelstead", "Pipistow",
    "Otterquern", "Nabbington", "Mallowquay", "Lintelford", "Knapperley", "Ivelquern", "Hasselmarsh", "Gannetstow",
    "Furzenby", "Eddlewick", "Cobblemarsh", "Bracklequay", "Amberquern", "Withyholme Cross", "Thrushcombe Fold",
    "Stickleback Row", "Peverwell", "Oxlipstead", "Merlinquay",
)  # fmt: skip
LONGEST_WARD = "Upper Quillerton with Sallowmere Lock, Pewitbrook and Yarrow"  # 60 characters, as the longest real ones

STREET_STEMS = (
    "Quarrel", "Teasel", "Linnet", "Cobbler's", "Pewit", "Marl", "Saltpan", "Ropemaker", "Tansy", "Bellfounder",
    "Otter", "Fennel", "Hurdle", "Lantern", "Osier", "Plover", "Ribbon", "Sexton's", "Thimble", "Wherry",
)  # fmt: skip
STREET_KINDS = ("Street", "Road", "Lane", "Close", "Avenue", "Way", "Crescent", "Row")

FIRST_NAMES = {
    "en": ("Alice", "Ben", "Carol", "Daniel", "Edith", "Frank", "Grace", "Harry", "Iris", "Jack", "Kate", "Liam",
           "Molly", "Nathan", "Olive", "Peter", "Ruth", "Sam", "Tina", "Will"),
    "ur": ("Adeel", "Bushra", "Faisal", "Hina", "Imran", "Nadia", "Omar", "Sana", "Tariq", "Zara"),
    "pa": ("Amrit", "Balbir", "Gurdeep", "Harpreet", "Jaspal", "Kiran", "Manjit", "Navdeep", "Ranjit", "Simran"),
    "pl": ("Agnieszka", "Bartek", "Ewa", "Grzegorz", "Hanna", "Jacek", "Kasia", "Marek", "Ola", "Tomasz"),
    "ro": ("Andrei", "Bianca", "Cristian", "Dana", "Elena", "Florin", "Ioana", "Mihai", "Oana", "Radu"),
    "bn": ("Anik", "Farhana", "Habib", "Jahanara", "Kamal", "Lubna", "Nasrin", "Rafiq", "Shirin", "Tahmid"),
    "so": ("Abdi", "Asha", "Fadumo", "Hodan", "Ismail", "Jama", "Liban", "Nimo", "Warsame", "Yasmin"),
}  # fmt: skip
LAST_NAMES = (
    "Amberquill", "Bracklethorne", "Cindersby", "Dabbermoor", "Elverquist", "Fennockley", "Gorsequill",
    "Hollinquay", "Ivelstrand", "Juddlequist", "Kesterquay", "Larkenshaw", "Mossenquill", "Nabberley",
    "Oxlipham", "Pewitham", "Quarrelby", "Rookensdale", "Sallowquist", "Teaselwright", "Umbershaw",
    "Vintrymoor", "Wherryman-Lock", "Yarrowquist", "Saltpanner", "Thimblequay", "Ribbonsby", "Osierquill",
    "Marlquist", "Lanternsby", "Hurdlequay", "Tansyworth-Moor", "Plovernell", "Otterquist", "Linnetsby",
    "Cobblequill", "Bellfoundry", "Wickerquist", "Sedgequill", "Ravelquay",
)  # fmt: skip


def ward_names(rng: np.random.Generator, count: int) -> list[str]:
    """COUNT different ward names; past the list, with a point of the compass. One has 60 characters."""
    names = [LONGEST_WARD, *WARDS]
    for way in ("North", "South", "East", "West"):
        names += [f"{name} {way}" for name in WARDS]
    chosen = names[:count]
    return [chosen[at] for at in rng.permutation(len(chosen))]


def street(rng: np.random.Generator) -> str:
    return f"{STREET_STEMS[rng.integers(len(STREET_STEMS))]} {STREET_KINDS[rng.integers(len(STREET_KINDS))]}"
