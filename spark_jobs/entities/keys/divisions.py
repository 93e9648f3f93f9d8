"""Names of divisions as regular expressions: what names of firms and addresses begin with and may leave out."""

_PROVINCES = (
    "北京市?|天津市?|上海市?|重庆市?|河北省?|山西省?|辽宁省?|吉林省?|黑龙江省?|江苏省?|浙江省?|安徽省?|福建省?|江西省?|"
    "山东省?|河南省?|湖北省?|湖南省?|广东省?|海南省?|四川省?|贵州省?|云南省?|陕西省?|甘肃省?|青海省?|台湾省?|"
    "内蒙古(?:自治区)?|广西(?:壮族自治区)?|西藏(?:自治区)?|宁夏(?:回族自治区)?|新疆(?:维吾尔自治区)?|香港|澳门"
)
_CITIES = (
    "咸宁市?|武汉市?|黄石市?|十堰市?|宜昌市?|襄阳市?|鄂州市?|荆门市?|孝感市?|荆州市?|黄冈市?|随州市?|恩施(?:州|市)?|"
    "仙桃市?|潜江市?|天门市?|神农架(?:林区)?"
)
"""Prefectures and directly administered cities of Hubei (GB/T 2260, 42)."""
_COUNTIES = "咸安区?|嘉鱼县?|通城县?|崇阳县?|通山县?|赤壁市?|蒲圻市?"
"""Xianning's counties (GB/T 2260: 421202, 421221 to 421224, 421281), with Chibi's name before 1998."""
DIVISION = f"(?:{_PROVINCES}|{_CITIES}|{_COUNTIES})"
"""A province, a prefecture of Hubei or a county of Xianning, with or without its kind."""
_NAMED = "[^0-9省市县区-]"
ANY_DIVISION = (
    f"(?:{DIVISION}|{_NAMED}{{1,5}}(?:{_NAMED}省|[^0-9省市县区超-]市|{_NAMED}县|[^0-9省市县区小社园校院库矿景厂-]区)|"
    f"{_NAMED}{{2,6}}(?:自治区|自治州))"
)
"""Like `DIVISION`, and any other that is named with its kind; 小区, 社区, 园区 are no divisions."""
TOWN = r"(?:[^0-9镇乡-]{1,5}(?:街道办事处|街道|办事处|开发区|镇|乡)([^路街大中小政卫人]|\z))"
"""A town with its kind, and as a group what comes next; 镇 and 乡 within names of roads and offices are not meant."""
