// MySQL's packets taken apart.
const codes = {
  1005: 'ER_CANT_CREATE_TABLE',
  1007: 'ER_DB_CREATE_EXISTS',
  1008: 'ER_DB_DROP_EXISTS',
  1040: 'ER_CON_COUNT_ERROR',
  1044: 'ER_DBACCESS_DENIED_ERROR',
  1045: 'ER_ACCESS_DENIED_ERROR',
  1046: 'ER_NO_DB_ERROR',
  1048: 'ER_BAD_NULL_ERROR',
  1049: 'ER_BAD_DB_ERROR',
  1050: 'ER_TABLE_EXISTS_ERROR',
  1051: 'ER_BAD_TABLE_ERROR',
  1052: 'ER_NON_UNIQ_ERROR',
  1054: 'ER_BAD_FIELD_ERROR',
  1062: 'ER_DUP_ENTRY',
  1064: 'ER_PARSE_ERROR',
  1065: 'ER_EMPTY_QUERY',
  1136: 'ER_WRONG_VALUE_COUNT_ON_ROW',
  1142: 'ER_TABLEACCESS_DENIED_ERROR',
  1146: 'ER_NO_SUCH_TABLE',
  1213: 'ER_LOCK_DEADLOCK',
  1364: 'ER_NO_DEFAULT_FOR_FIELD',
  1366: 'ER_TRUNCATED_WRONG_VALUE_FOR_FIELD',
  1406: 'ER_DATA_TOO_LONG',
  1451: 'ER_ROW_IS_REFERENCED_2',
  1452: 'ER_NO_REFERENCED_ROW_2',
};

class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }
  int(length) {
    let number = 0;
    for (let index = 0; index < length; index++) number += this.bytes[this.at + index] * 2 ** (8 * index);
    this.at += length;
    return number;
  }
  take(length) {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
  zeroEnded() {
    const end = this.bytes.indexOf(0, this.at);
    const text = this.bytes.toString('utf8', this.at, end < 0 ? this.bytes.length : end);
    this.at = end < 0 ? this.bytes.length : end + 1;
    return text;
  }
  coded() {
    const first = this.int(1);
    if (first === 0xfb) return null;
    return first < 0xfb ? first : this.int(first === 0xfc ? 2 : first === 0xfd ? 3 : 8);
  }
  bytesOrNull() {
    const length = this.coded();
    return length === null ? null : this.take(length);
  }
  rest() {
    return this.bytes.toString('utf8', this.at);
  }
}

function errorOf(packet) {
  const errno = packet.readUInt16LE(1);
  const text = packet.toString('utf8', 3);
  const marked = text.startsWith('#');
  const message = marked ? text.slice(6) : text;
  const error = new Error(message);
  return Object.assign(error, {
    code: codes[errno] ?? `ER_${errno}`,
    errno,
    sqlState: marked ? text.slice(1, 6) : '',
    sqlMessage: message,
  });
}

function fieldOf(packet) {
  const reader = new Reader(packet);
  const [catalog, schema, table, orgTable, name, orgName] = Array.from({ length: 6 }, () =>
    String(reader.bytesOrNull() ?? ''),
  );
  reader.take(1);
  const characterSet = reader.int(2);
  const columnLength = reader.int(4);
  const type = reader.int(1);
  const flags = reader.int(2);
  return {
    catalog,
    schema,
    table,
    orgTable,
    name,
    orgName,
    characterSet,
    columnLength,
    type,
    columnType: type,
    flags,
    decimals: reader.int(1),
  };
}

const integers = new Set([1, 2, 3, 9, 13]);
/** A cell as JavaScript has it. */
function valueOf({ type, characterSet }, bytes, { dateStrings, decimalNumbers, bigNumberStrings, supportBigNumbers }) {
  if (bytes === null) return null;
  const text = bytes.toString();
  if (integers.has(type) || type === 4 || type === 5) return Number(text);
  if (type === 8) {
    const number = Number(text);
    return supportBigNumbers && (bigNumberStrings || !Number.isSafeInteger(number)) ? text : number;
  }
  if (type === 0 || type === 246) return decimalNumbers ? Number(text) : text;
  if (type === 245) return JSON.parse(text);
  if ((type === 7 || type === 12 || type === 10) && !dateStrings)
    return new Date(type === 10 ? `${text}T00:00:00` : text.replace(' ', 'T'));
  if (type >= 249 && type <= 252 && characterSet === 63) return Buffer.from(bytes);
  return text;
}

module.exports = { Reader, errorOf, fieldOf, valueOf };
