"""The medical institutions of Hubei as found on the web, or those of the city's settlements where they are absent."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from spark_jobs.city.damage import files
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.feed_data import Published, PublishedFile
from spark_jobs.city.world.tables import REAL, read_table


def _on_first_day(days: list[date]) -> Iterator[PublishedFile]:
    real = REAL / "hospitals_hubei.json"
    content = real.read_bytes() if real.is_file() else json.dumps(_made_up(), ensure_ascii=False, indent=1).encode()
    yield PublishedFile(days[0], content, len(json.loads(content)))


def _made_up() -> list[dict[str, Any]]:
    return [
        {
            "province": "湖北省",
            "city": "咸宁市" if row["division_code"].startswith("4212") else "武汉市",
            "cityCode": int(row["division_code"][:4] + "00"),
            "name": row["name"],
            "address": "",
            "tel": "",
            "tags": [],
        }
        for row in read_table("institutions.csv")
        if row["kind"] == "H"
    ]


DATA = Published(
    _on_first_day,
    bad_files=(BadFile("malformed_json", "json_malformed", files.first_part(1, 2), "_cut"),),
)
