// Values within statements, as sqlstring writes them.
const two = (number) => String(number).padStart(2, '0');
const dateText = (date) =>
  `'${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}'`;
const signs = {
  '\0': '\\0',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\x1a': '\\Z',
  '"': '\\"',
  "'": "\\'",
  '\\': '\\\\',
};
const quoted = (text) => `'${text.replace(/[\0\b\t\n\r\x1a"'\\]/g, (sign) => signs[sign])}'`;

const escapeId = (name) =>
  Array.isArray(name)
    ? name.map(escapeId).join(', ')
    : `\`${String(name).replaceAll('`', '``').replaceAll('.', '`.`')}\``;

function escape(value, within = false) {
  if (value === undefined || value === null) return 'NULL';
  switch (typeof value) {
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
    case 'bigint':
      return String(value);
    case 'object':
      if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'NULL' : dateText(value);
      if (Buffer.isBuffer(value)) return `X'${value.toString('hex')}'`;
      if (typeof value.toSqlString === 'function') return String(value.toSqlString());
      if (Array.isArray(value)) {
        const list = value.map((each) => escape(each, true)).join(', ');
        return within ? `(${list})` : list;
      }
      return within
        ? quoted(String(value))
        : Object.entries(value)
            .filter(([, each]) => typeof each !== 'function')
            .map(([name, each]) => `${escapeId(name)} = ${escape(each, true)}`)
            .join(', ');
  }
  return quoted(String(value));
}

/** Statement with `?` and `??` replaced; those in quotes stay. */
function format(sql, values) {
  if (values === undefined || values === null) return sql;
  const list = Array.isArray(values) ? values : [values];
  let at = 0;
  return sql.replace(/'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.)*"|`[^`]*`|\?\??/g, (found) => {
    if (!found.startsWith('?') || at >= list.length) return found;
    const value = list[at++];
    return found === '??' ? escapeId(value) : escape(value);
  });
}

/** The same with `:name`. */
const named = (sql, values) =>
  Array.isArray(values) || values === undefined
    ? format(sql, values)
    : sql.replace(/'(?:[^'\\]|\\.|'')*'|"[^"]*"|`[^`]*`|:(\w+)/g, (found, name) =>
        name === undefined ? found : escape(values[name]),
      );

module.exports = { escape, escapeId, format, named };
