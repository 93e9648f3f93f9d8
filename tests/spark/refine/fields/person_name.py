"""Examples of the domain type `person_name`."""

from tests.spark.refine.frames import Case, column

COLUMNS = [
    column("person", "person_name"),
]
CASES = {
    "person": [
        Case("张伟", "张伟"),
        Case("张 伟", "张伟", note="person_name_spaces"),
        Case("𠮷田\u3000一", "𠮷田一", note="person_name_spaces"),
        Case("㛃䶮", "㛃䶮"),
        Case("阿依古丽•买买提", "阿依古丽·买买提", note="person_name_dot"),
        Case("古丽‧买", "古丽·买", note="person_name_dot"),
        Case("John Smith", "John Smith"),
        Case("J. R. R. Tolkien", "J. R. R. Tolkien"),
        Case("A B 张 C\t D", "A B张C D", note="person_name_spaces"),
        Case("John\u3000Smith", "John Smith", note="person_name_spaces"),
        Case("张[王+玉]", "张[王+玉]", "person_name_damaged"),
        Case("王?", "王?", "person_name_damaged"),
        Case("李□", "李□", "person_name_damaged"),
        Case("李\ufffd", "李\ufffd", "person_name_damaged"),
    ],
}
