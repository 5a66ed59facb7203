/** What MySQL has and PostgreSQL has not, in a schema that no database can be called. */
export const prelude = `
create schema if not exists "~";
create or replace function "~".num(t text) returns double precision language sql immutable as $$
  select case when t is null then null else coalesce(substring(t from '^\\s*([-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][-+]?[0-9]+)?)')::double precision, 0) end $$;
create or replace function "~".dt(t text) returns timestamp language plpgsql immutable as $$
  begin
    if t ~ '^\\s*[0-9]{8}\\s*$' then return to_timestamp(t, 'YYYYMMDD')::timestamp; end if;
    if t ~ '^\\s*[0-9]{14}\\s*$' then return to_timestamp(t, 'YYYYMMDDHH24MISS')::timestamp; end if;
    return t::timestamp;
  exception when others then return null; end $$;
create or replace function "~".sub(t text, p int, n int) returns text language sql immutable as $$
  select case when p = 0 or n <= 0 then '' when p > 0 then substr(t, p, n)
    when -p > char_length(t) then '' else substr(t, char_length(t) + p + 1, n) end $$;
create or replace function "~".substring_index(t text, d text, n int) returns text language sql immutable as $$
  select case when n = 0 or d = '' then ''
    when n > 0 then array_to_string((string_to_array(t, d))[1:n], d)
    else array_to_string((string_to_array(t, d))[greatest(1, cardinality(string_to_array(t, d)) + n + 1):], d) end $$;
create or replace function "~".json_valid(t text) returns boolean language plpgsql immutable as $$
  begin if t is null then return null; end if; perform t::jsonb; return true; exception when others then return false; end $$;
create or replace function "~".json_length(j jsonb) returns int language sql immutable as $$
  select case jsonb_typeof(j) when 'array' then jsonb_array_length(j)
    when 'object' then (select count(*)::int from jsonb_object_keys(j)) else 1 end $$;
create or replace function "~".interval(t text, unit text) returns interval language plpgsql immutable as $$
  declare n text[] := regexp_split_to_array(btrim(t), '[^0-9]+'); begin
    return case unit
      when 'DAY_HOUR' then make_interval(days => n[1]::int, hours => n[2]::int)
      when 'DAY_MINUTE' then make_interval(days => n[1]::int, hours => n[2]::int, mins => n[3]::int)
      when 'DAY_SECOND' then make_interval(days => n[1]::int, hours => n[2]::int, mins => n[3]::int, secs => n[4]::int)
      when 'HOUR_MINUTE' then make_interval(hours => n[1]::int, mins => n[2]::int)
      when 'HOUR_SECOND' then make_interval(hours => n[1]::int, mins => n[2]::int, secs => n[3]::int)
      when 'MINUTE_SECOND' then make_interval(mins => n[1]::int, secs => n[2]::int)
      when 'YEAR_MONTH' then make_interval(years => n[1]::int, months => n[2]::int) end; end $$;
create or replace function "~".date_format(d timestamp, f text) returns text language plpgsql immutable as $$
  declare r text := ''; i int := 1; c text; day int := extract(day from d); begin
    if d is null or f is null then return null; end if;
    while i <= char_length(f) loop
      c := substr(f, i, 1);
      if c <> '%' or i = char_length(f) then r := r || c; i := i + 1; continue; end if;
      c := substr(f, i + 1, 1);
      r := r || case c
        when 'Y' then to_char(d, 'YYYY') when 'y' then to_char(d, 'YY') when 'm' then to_char(d, 'MM')
        when 'c' then extract(month from d)::int::text when 'd' then to_char(d, 'DD') when 'e' then day::text
        when 'D' then day || case when day between 11 and 13 then 'th' when day % 10 = 1 then 'st' when day % 10 = 2 then 'nd' when day % 10 = 3 then 'rd' else 'th' end
        when 'H' then to_char(d, 'HH24') when 'k' then extract(hour from d)::int::text when 'h' then to_char(d, 'HH12')
        when 'I' then to_char(d, 'HH12') when 'l' then to_char(d, 'FMHH12') when 'i' then to_char(d, 'MI')
        when 's' then to_char(d, 'SS') when 'S' then to_char(d, 'SS') when 'f' then to_char(d, 'US')
        when 'p' then to_char(d, 'AM') when 'r' then to_char(d, 'HH12:MI:SS AM') when 'T' then to_char(d, 'HH24:MI:SS')
        when 'M' then to_char(d, 'FMMonth') when 'b' then to_char(d, 'Mon') when 'W' then to_char(d, 'FMDay') when 'a' then to_char(d, 'Dy')
        when 'w' then extract(dow from d)::int::text when 'j' then to_char(d, 'DDD')
        when 'U' then lpad((((extract(doy from d)::int + 6 - extract(dow from d)::int) / 7))::text, 2, '0')
        when 'u' then to_char(d, 'IW') when 'v' then to_char(d, 'IW') when 'V' then to_char(d, 'IW') when 'x' then to_char(d, 'IYYY') when 'X' then to_char(d, 'IYYY')
        when '%' then '%' else c end;
      i := i + 2;
    end loop; return r; end $$;
set standard_conforming_strings = on;
`;
