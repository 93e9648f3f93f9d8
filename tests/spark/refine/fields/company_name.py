"""Examples of the domain type `company_name`."""

from tests.spark.refine.frames import Case, column

COLUMNS = [
    column("company", "company_name"),
]
CASES = {
    "company": [
        Case("咸宁（湖北）有限公司", "咸宁（湖北）有限公司"),
        Case("咸宁(湖北)有限公司", "咸宁（湖北）有限公司", note="company_name_width"),
        Case("ＡＢＣ１有限公司", "ABC1有限公司", note="company_name_width"),
        Case("咸宁 有限公司", "咸宁有限公司", note="company_name_spaces"),
        Case("IBM China 公司", "IBM China公司", note="company_name_spaces"),
        Case("A & B  Co 公司", "A & B Co公司", note="company_name_spaces"),
    ],
}
