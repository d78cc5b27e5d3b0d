"""History: who a partner is on another day, where it lay, and on which side of a gift it stands.

In:   Registry, the day of the map. Out: History, asked by code and year.
Pure. Imports lineage, model.
"""

from __future__ import annotations

from datetime import date, timedelta

from generator.lineage import Lineage
from generator.model import Partner, Registry
from generator.stages.merge.dataset import GAVE, RECEIVED


class History:
    """The registry over time. Codes it does not know stay what they are and lie nowhere."""

    def __init__(self, registry: Registry, map_date: date) -> None:
        self._lineage = Lineage(registry.events)
        self._map_date = map_date
        self._periods = {one.year: (one.start, one.end) for one in registry.campaigns}
        self._versions: dict[str, list[Partner]] = {}
        for partner in sorted(registry.partners, key=_first_day):
            self._versions.setdefault(partner.code, []).append(partner)

    def period(self, year: int) -> tuple[date, date]:
        """First and last day of a reporting year: the campaign's; without one as ND 09/2019 has it."""
        return self._periods.get(year) or (date(year - 1, 12, 15), date(year, 12, 14))

    def heir(self, code: str, year: int) -> str:
        """Who stands on the map for a code that was named in that year: its only heir, else the code itself."""
        heirs = self._heirs(code, year)
        return heirs[0] if len(heirs) == 1 else code

    def district(self, code: str, year: int) -> str:
        """Where a code lay at the end of that year's period, or on its last day before; "" for nowhere."""
        return self._district(code, self.period(year)[1])

    def district_now(self, code: str, year: int) -> str:
        """Where on the map a code lies that was named in that year; after a split, where all its parts lie."""
        districts = {self._district(heir, self._map_date) for heir in self._heirs(code, year)}
        return districts.pop() if len(districts) == 1 else self._district(code, self._map_date)

    def kind(self, code: str, year: int) -> str:
        """Of what kind a code was at the end of that year's period, or when it last stood; "" for an unknown code."""
        version = self._version(code, self.period(year)[1])
        return version.kind if version else ""

    def side(self, code: str, first: int, last: int) -> str:
        """Whether a code gave or received at the end of those years; giving first, "" for neither.

        An heir that does neither stands on the side of whoever it followed.
        """
        start, end = self.period(first)[0], self.period(last)[1]
        for one in (code, *self._lineage.forebears(code, start, end)):
            version = self._version(one, end)
            if version and (version.gives or version.receives):
                return GAVE if version.gives else RECEIVED
        return ""

    def kin(self, code: str, first: int, last: int) -> tuple[str, ...]:
        """The code, whoever followed it in those years, then whoever it followed."""
        start, end = self.period(first)[0], self.period(last)[1]
        return (*self._lineage.succession(code, start, end), *self._lineage.forebears(code, start, end))

    def successors(self, code: str, first: int, last: int) -> tuple[str, ...]:
        """Whoever followed the code in those years; nobody when it stood (again) at their end."""
        start, end = self.period(first)[0], self.period(last)[1]
        if code in self._lineage.heirs(code, start, end):
            return ()
        return tuple(one for one in self._lineage.succession(code, start, end) if one != code)

    def _heirs(self, code: str, year: int) -> tuple[str, ...]:
        return self._lineage.heirs(code, self.period(year)[0], self._map_date)

    def _district(self, code: str, day: date) -> str:
        version = self._version(code, day)
        if version is not None and _first_day(version) <= day:
            return version.district
        # Before it was there, it lay where all those lay that it was made of.
        later = min(day, date.max - timedelta(days=1)) + timedelta(days=1)
        forebears = (self._version(one, day) for one in self._lineage.forebears(code, later, date.max))
        districts = {one.district for one in forebears if one is not None and one.valid_within(day, day)}
        return districts.pop() if len(districts) == 1 else version.district if version else ""

    def _version(self, code: str, day: date) -> Partner | None:
        """The version that stood on the day or last before it, else the first one."""
        versions = self._versions.get(code, [])
        begun = [one for one in versions if _first_day(one) <= day] or versions[:1]
        return begun[-1] if begun else None


def _first_day(partner: Partner) -> date:
    return partner.since or date.min
