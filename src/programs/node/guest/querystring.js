const unescape = (text) => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
};
const stringify = (object = {}, separator = '&', equals = '=') =>
  Object.entries(object)
    .flatMap(([key, value]) =>
      [value].flat().map((each) => `${encodeURIComponent(key)}${equals}${encodeURIComponent(each ?? '')}`),
    )
    .join(separator);
const parse = (text = '', separator = '&', equals = '=') => {
  const made = Object.create(null);
  for (const part of String(text).split(separator)) {
    if (part === '') continue;
    const at = part.indexOf(equals);
    const [key, value] = (at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)]).map(unescape);
    made[key] = key in made ? [made[key], value].flat() : value;
  }
  return made;
};
module.exports = { stringify, parse, encode: stringify, decode: parse, escape: encodeURIComponent, unescape };
