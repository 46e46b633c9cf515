"""Made-up names, the same for the same number."""

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
FIRST = "志建晓海秀雅文明丽国玉春立佳思宏永静雪俊"
SECOND = "华平敏霞强军兰芳伟洁涛宁辉燕峰悦彬颖川琳"


def person_name(number: int) -> str:
    """A surname and a given name of two characters."""
    surname = SURNAMES[number * 7 % len(SURNAMES)]
    given = FIRST[number * 11 // 3 % len(FIRST)] + SECOND[number * 13 // 7 % len(SECOND)]
    return surname + given
