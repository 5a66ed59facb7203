const fs = require('fs');
const parse = (text) =>
  Object.fromEntries(
    [...String(text).matchAll(/^\s*(?:export\s+)?([\w.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^#\n]*))/gm)].map(
      ([, name, double, single, bare]) => [
        name,
        double !== undefined ? double.replaceAll('\\n', '\n') : (single ?? bare.trim()),
      ],
    ),
  );
const config = ({ path = '.env', override = false } = {}) => {
  try {
    const parsed = parse(fs.readFileSync(path, 'utf8'));
    for (const [name, value] of Object.entries(parsed))
      if (override || !(name in process.env)) process.env[name] = value;
    return { parsed };
  } catch (error) {
    return { parsed: {}, error };
  }
};
module.exports = { parse, config, populate: Object.assign };
