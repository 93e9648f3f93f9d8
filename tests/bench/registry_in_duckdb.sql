-- The peer's job: a resident-registry delivery (decoded to UTF-8 by iconv before) to a validated, typed table with
-- history flags, and a quarantine with reasons. Parameters: file, folder, business date.
SET preserve_insertion_order = false;

CREATE TABLE county AS
SELECT DISTINCT code FROM (
    SELECT code FROM read_csv('{seeds}/gb2260_history.csv', all_varchar = true)
    UNION ALL SELECT code FROM read_csv('{seeds}/divisions_county.csv', all_varchar = true)
) WHERE length(code) = 6;
CREATE TABLE division AS
SELECT code FROM county UNION SELECT code FROM read_csv('{seeds}/xianning_divisions.csv', all_varchar = true)
UNION SELECT code12 FROM read_csv('{seeds}/xianning_divisions.csv', all_varchar = true);
CREATE TABLE ethnic AS SELECT code FROM read_csv('{seeds}/gbt3304_ethnic.csv', all_varchar = true);
CREATE TABLE relation AS SELECT code FROM read_csv('{seeds}/gbt4761_2008_family_relation.csv', all_varchar = true);

CREATE VIEW raw AS
SELECT * FROM read_csv('{file}', delim = '|', header = true, all_varchar = true, quote = '"',
                       store_rejects = true, rejects_limit = 0, strict_mode = false, parallel = true);

CREATE TEMP TABLE cleaned AS
WITH texts AS (
    SELECT row_number() OVER () AS _row_number, *,
        upper(regexp_replace(translate("公民身份号码", '０１２３４５６７８９ｘＸ', '0123456789xX'), '\s|　', '', 'g')) AS id_text
    FROM raw
), upgraded AS (
    SELECT *, CASE WHEN regexp_full_match(id_text, '[0-9]{{15}}')
        THEN left(id_text, 6) || CASE WHEN substr(id_text, 13, 3) >= '996' THEN '18' ELSE '19' END || substr(id_text, 7)
        ELSE id_text END AS body
    FROM texts
), summed AS (
    SELECT *, CASE WHEN regexp_full_match(body, '[0-9]{{17}}[0-9X]?') THEN (
          (ascii(substr(body, 1, 1)) - 48) * 7 + (ascii(substr(body, 2, 1)) - 48) * 9
        + (ascii(substr(body, 3, 1)) - 48) * 10 + (ascii(substr(body, 4, 1)) - 48) * 5
        + (ascii(substr(body, 5, 1)) - 48) * 8 + (ascii(substr(body, 6, 1)) - 48) * 4
        + (ascii(substr(body, 7, 1)) - 48) * 2 + (ascii(substr(body, 8, 1)) - 48) * 1
        + (ascii(substr(body, 9, 1)) - 48) * 6 + (ascii(substr(body, 10, 1)) - 48) * 3
        + (ascii(substr(body, 11, 1)) - 48) * 7 + (ascii(substr(body, 12, 1)) - 48) * 9
        + (ascii(substr(body, 13, 1)) - 48) * 10 + (ascii(substr(body, 14, 1)) - 48) * 5
        + (ascii(substr(body, 15, 1)) - 48) * 8 + (ascii(substr(body, 16, 1)) - 48) * 4
        + (ascii(substr(body, 17, 1)) - 48) * 2) % 11 END AS remainder
    FROM upgraded
), typed AS (
    SELECT _row_number,
        CASE WHEN length(body) = 17 THEN body || substr('10X98765432', remainder + 1, 1) ELSE body END AS resident_id,
        remainder, "公民身份号码" AS original_id,
        regexp_replace(trim("姓名"), '[•・‧∙]', '·', 'g') AS person_name,
        nullif(trim("性别"), '') AS sex_code, nullif(trim("民族"), '') AS ethnic_code,
        "出生日期" AS birth_text, try_strptime(trim("出生日期"), '%Y%m%d')::date AS birth_date,
        nullif(trim("户籍地区划"), '') AS home_division_code, nullif(trim("户籍地址"), '') AS home_address,
        nullif(trim("户号"), '') AS household_number, nullif(trim("与户主关系"), '') AS relation_code,
        regexp_replace("联系电话", '[ -]|^\+86', '', 'g') AS mobile, nullif(trim("变更类型"), '') AS change_type,
        "变更时间" AS changed_text, try_strptime(trim("变更时间"), '%Y%m%d%H%M%S') AS changed_at
    FROM summed
)
SELECT *, list_filter([
    CASE WHEN coalesce(resident_id, '') = '' THEN 'missing_value'
         WHEN regexp_full_match(original_id, '[0-9.]+[eE]\+?[0-9]+') THEN 'resident_id_excel_damage'
         WHEN remainder IS NULL OR length(resident_id) <> 18 THEN 'resident_id_shape'
         WHEN resident_id[18] <> substr('10X98765432', remainder + 1, 1) THEN
             CASE WHEN resident_id[16:] = '000' THEN 'resident_id_excel_damage' ELSE 'resident_id_checksum' END
         WHEN try_strptime(resident_id[7:14], '%Y%m%d') IS NULL AND resident_id[1] <> '9' THEN 'resident_id_birth_date'
         WHEN resident_id[1] NOT IN ('8', '9') AND resident_id[1:6] NOT IN (SELECT code FROM county)
             THEN 'resident_id_never_assigned' END,
    CASE WHEN coalesce(person_name, '') = '' THEN 'missing_value' END,
    CASE WHEN sex_code NOT IN ('0', '1', '2', '9') THEN 'unknown_code' END,
    CASE WHEN ethnic_code NOT IN (SELECT code FROM ethnic) THEN 'unknown_code' END,
    CASE WHEN coalesce(birth_text, '') = '' THEN 'missing_value' WHEN birth_date IS NULL THEN 'date_format' END,
    CASE WHEN home_division_code IS NULL THEN 'missing_value'
         WHEN NOT regexp_full_match(home_division_code, '[0-9]{{6}}([0-9]{{3}})?([0-9]{{3}})?') THEN 'division_code_shape'
         WHEN home_division_code NOT IN (SELECT code FROM division)
              AND (home_division_code LIKE '4212%' OR left(home_division_code, 6) NOT IN (SELECT code FROM county))
             THEN 'division_code_unknown' END,
    CASE WHEN relation_code NOT IN (SELECT code FROM relation) THEN 'unknown_code' END,
    CASE WHEN change_type IS NULL THEN 'missing_value' WHEN change_type NOT IN ('1', '2', '3', '4') THEN 'unknown_code' END,
    CASE WHEN coalesce(changed_text, '') = '' THEN 'missing_value' WHEN changed_at IS NULL THEN 'timestamp_format' END,
    CASE WHEN strftime(birth_date, '%Y%m%d') <> resident_id[7:14] AND resident_id[1] <> '9'
         THEN 'birth_date_agrees_with_id' END,
    CASE WHEN changed_at >= DATE '{business_date}' + 2 THEN 'changed_before_receipt' END
], breach -> breach IS NOT NULL) AS breaches
FROM typed;

COPY (
    SELECT * EXCLUDE (breaches, remainder, original_id, birth_text, changed_text),
        DATE '{business_date}' AS _business_date,
        lead(changed_at) OVER history AS _valid_to,
        lead(changed_at) OVER history IS NULL AND change_type NOT IN ('3', '4') AS _is_current
    FROM cleaned WHERE len(breaches) = 0
    WINDOW history AS (PARTITION BY resident_id ORDER BY changed_at, _row_number)
) TO '{folder}/silver.parquet' (FORMAT parquet, COMPRESSION zstd);
COPY (SELECT * FROM cleaned WHERE len(breaches) > 0) TO '{folder}/quarantine.parquet' (FORMAT parquet, COMPRESSION zstd);
