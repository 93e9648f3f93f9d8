-- Keys of Chinese records for Splink, by a person who knows the data. Parts are parted by lines of dashes and run in order.
create or replace macro half_width(text) as translate(text, '０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ', '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ');
------
create or replace macro digit(id, place) as ascii(substr(id, place, 1)) - 48;
------
create or replace macro check_sum(id) as (
    7*digit(id,1) + 9*digit(id,2) + 10*digit(id,3) + 5*digit(id,4) + 8*digit(id,5) + 4*digit(id,6) + 2*digit(id,7) + digit(id,8) + 6*digit(id,9)
  + 3*digit(id,10) + 7*digit(id,11) + 9*digit(id,12) + 10*digit(id,13) + 5*digit(id,14) + 8*digit(id,15) + 4*digit(id,16) + 2*digit(id,17)) % 11;
------
create or replace macro of_eighteen(id) as case when regexp_full_match(id, '\d{15}')
    then substr(id, 1, 6) || '19' || substr(id, 7) || substr('10X98765432', check_sum(substr(id, 1, 6) || '19' || substr(id, 7) || '0') + 1, 1) else id end;
------
create or replace macro cleaned_id(id) as of_eighteen(upper(half_width(trim(id))));
------
create or replace macro is_right(id) as regexp_full_match(id, '\d{17}[\dX]') and substr('10X98765432', check_sum(id) + 1, 1) = substr(id, 18, 1)
    and try_strptime(substr(id, 7, 8), '%Y%m%d') is not null;
------
create or replace macro arabic(text) as regexp_replace(regexp_replace(regexp_replace(
    translate(text, '一二三四五六七八九', '123456789'), '(\d)十(\d)', '\1\2', 'g'), '十(\d)', '1\1', 'g'), '十', '10', 'g');
------
create or replace macro door(address) as array_to_string(regexp_extract_all(
    arabic(regexp_extract(address, '([一二三四五六七八九十\d]+(组|村民小组|栋|幢|号楼|-).*)$', 1)), '\d+'), '-');
------
create or replace macro place(address) as right(regexp_replace(regexp_replace(
    address, '[一二三四五六七八九十\d]+(组|村民小组|栋|幢|号楼|-).*$', ''), '(村|社区)$', ''), 2);
