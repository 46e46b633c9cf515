"""惠心市, a made-up city: its units, places and people, the same at every start."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import NAMESPACE_URL, UUID, uuid5

from services.cli.demo_city.names import person_name

ROOT = "wh"
DISTRICTS = {
    "hc": "环城区总工会",
    "dg": "东港区总工会",
    "yl": "云岭区总工会",
    "gx": "高新区总工会",
}
STATIONS = ("海棠", "向阳", "听涛")
TRADES = (
    "机械制造",
    "公交客运",
    "第一医院",
    "供电服务",
    "快递物流",
    "电子科技",
    "建筑工程",
    "环卫服务",
    "食品加工",
    "港口装卸",
)
WORKERS = 500
COUNSELLORS = 40
OFFICERS = ("duty1", "duty2")
SPECIALITIES = (
    "情绪管理",
    "压力调整",
    "人际关系",
    "团队成长",
    "心理建设",
    "婚姻关系",
    "亲子关系",
    "家庭教育",
)


@dataclass(frozen=True, slots=True)
class CityUnit:
    """A node of the union tree; `level` is city, district, station or enterprise."""

    path: str
    name: str
    level: str


@dataclass(frozen=True, slots=True)
class CityPerson:
    """Somebody with an account; the id follows from the login."""

    login: str
    name: str
    role: str
    unit: str

    @property
    def id(self) -> UUID:
        """The same at every start, so that filling in twice changes nothing."""
        return person_id(self.login)

    @property
    def email(self) -> str:
        """An address that exists nowhere but in the development mailbox."""
        return f"{self.login}@mail.example"


@dataclass(frozen=True, slots=True)
class CitySite:
    """A place for counselling with so many rooms."""

    name: str
    level: str
    unit: str
    rooms: int


def person_id(login: str) -> UUID:
    """The pseudonym of a demonstration account."""
    return uuid5(NAMESPACE_URL, f"huixin:demo:{login}")


def units() -> list[CityUnit]:
    """Parents before children: 1 city, 4 districts, 12 stations, 40 enterprises."""
    found = [CityUnit(ROOT, "惠心市总工会", "city")]
    for district, name in DISTRICTS.items():
        found.append(CityUnit(f"{ROOT}/{district}", name, "district"))
    for district, name in DISTRICTS.items():
        place = name.removesuffix("总工会")
        found += [
            CityUnit(f"{ROOT}/{district}/s{number:02}", f"{place}{station}心灵驿站", "station")
            for number, station in enumerate(STATIONS, 1)
        ]
    found += [CityUnit(path, name, "enterprise") for path, name in _enterprises()]
    return found


def _enterprises() -> Iterator[tuple[str, str]]:
    for place, (district, name) in enumerate(DISTRICTS.items()):
        for number, trade in enumerate(TRADES, 1):
            code = place * len(TRADES) + number
            yield (
                f"{ROOT}/{district}/e{code:04}",
                f"{name.removesuffix('区总工会')}{trade}有限公司工会",
            )


def sites() -> list[CitySite]:
    """The four levels of the network; half of the enterprises have a room of their own."""
    found = [CitySite("惠心市职工心理服务中心", "city-centre", ROOT, 4)]
    levels = {"district": ("district-branch", 2), "station": ("station", 1)}
    for unit in units():
        if unit.level in levels:
            level, rooms = levels[unit.level]
            name = unit.name.replace("总工会", "职工心理服务分中心")
            found.append(CitySite(name, level, unit.path, rooms))
    enterprises = [unit for unit in units() if unit.level == "enterprise"]
    for unit in enterprises[::2]:
        name = unit.name.removesuffix("有限公司工会") + "职工心灵小屋"
        found.append(CitySite(name, "enterprise-room", unit.path, 1))
    return found


def staff() -> list[CityPerson]:
    """Everybody who works for the city's workers."""
    counsellors = [
        CityPerson(f"counsellor{number}", person_name(number), "counsellor", ROOT)
        for number in range(1, COUNSELLORS + 1)
    ]
    return [
        *counsellors,
        CityPerson("duty1", person_name(401), "duty", ROOT),
        CityPerson("duty2", person_name(402), "duty", ROOT),
        CityPerson("unit-admin1", person_name(403), "unit-admin", f"{ROOT}/hc/e0001"),
        CityPerson("district-admin1", person_name(404), "district-admin", f"{ROOT}/hc"),
        CityPerson("city-admin", person_name(405), "city-admin", ROOT),
        CityPerson("clinical-lead", person_name(406), "clinical-lead", ROOT),
        CityPerson("ops", person_name(407), "ops", ROOT),
    ]


def workers() -> list[CityPerson]:
    """`worker1` … `worker500`, spread over the enterprises."""
    enterprises = [path for path, _ in _enterprises()]
    return [
        CityPerson(
            f"worker{number}",
            person_name(1000 + number),
            "worker",
            enterprises[(number - 1) % len(enterprises)],
        )
        for number in range(1, WORKERS + 1)
    ]
