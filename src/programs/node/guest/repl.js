// The prompt on a terminal: a line, or several until they make a whole statement.
const start = () => {
  const { inspect } = require('internal_inspect');
  const Module = require('module');
  process.stdout.write(`Welcome to Node.js v${internal.version}.\nType ".help" for more information.\n> `);
  const module = new Module('<repl>');
  module.filename = host('cwd') + '/<repl>';
  const known = { require: Module.requireOf(module), module, exports: module.exports };
  for (const name of Module.builtinModules)
    if (/^\w+$/.test(name) && !(name in globalThis))
      Object.defineProperty(globalThis, name, {
        configurable: true,
        get: () => Module.loadBuiltin(name),
        set: (value) => Object.defineProperty(globalThis, name, { value, writable: true }),
      });
  for (const [name, value] of Object.entries(known))
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  let text = '';
  const take = (line) => {
    if (text === '' && line.trim() === '.exit') process.exit(0);
    if (text === '' && line.trim() === '.help') {
      process.stdout.write(
        '.break    Sometimes you get stuck, this gets you out\n.clear    Alias for .break\n.editor   Enter editor mode\n.exit     Exit the REPL\n.help     Print this help message\n.load     Load JS from a file into the REPL session\n.save     Save all evaluated commands in this REPL session to a file\n\nPress Ctrl+C to abort current expression, Ctrl+D to exit the REPL\n> ',
      );
      return;
    }
    text += line + '\n';
    let value;
    try {
      const source = /^\s*\{.*\}\s*$/s.test(text) ? `(${text.trim()})` : text;
      value = internal.compile(Module.prepared(source.replace(/^\s*(const|let)\s/, 'var ')), 'REPL1');
    } catch (error) {
      if (error instanceof SyntaxError && /end of|unexpected token.*''|expecting '[)}\]]'/.test(error.message))
        return void process.stdout.write('... ');
      internal.v8(error);
      process.stdout.write(
        `Uncaught ${error instanceof Error ? `${error.name}: ${error.message}` : inspect(error)}\n> `,
      );
      text = '';
      return;
    }
    text = '';
    globalThis._ = value;
    process.stdout.write(`${inspect(value, { colors: process.stdout.hasColors() })}\n> `);
  };
  const lines = require('readline').createInterface({ input: process.stdin });
  lines.on('line', take);
  lines.on('close', () => {
    process.stdout.write('\n');
    process.exit(0);
  });
};
module.exports = { start };
