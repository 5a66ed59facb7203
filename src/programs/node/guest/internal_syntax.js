// QuickJS' syntax errors, told as V8 tells them.
const improve = (error, source, file) => {
  const frame = /:(\d+):(\d+)\)?\s*$/m.exec(
    String(error.stack || '')
      .split('\n')
      .find((line) => line.includes(file)) || '',
  );
  const line = frame ? Number(frame[1]) : 1;
  let message = error.message;
  const lines = source.split('\n');
  let found;
  if (
    (found = /^unexpected token in expression: '(.*)'$/.exec(message)) ||
    (found = /^unexpected token: '(.*)'$/.exec(message))
  )
    message = found[1] === '' ? 'Unexpected end of input' : `Unexpected token '${found[1]}'`;
  else if (/^expecting '\)'/.test(message)) message = 'missing ) after argument list';
  else if (/^expecting '(.)'/.test(message))
    message = line >= lines.length ? 'Unexpected end of input' : `Unexpected token`;
  else if (/^unexpected end of string/.test(message)) message = 'Invalid or unexpected token';
  else if (
    (found = /^(?:invalid redefinition of|redefinition of) '?(?:lexical identifier|parameter name|(\w+))'?/.exec(
      message,
    ))
  )
    message = 'Identifier has already been declared';
  const shown = lines[line - 1] ?? '';
  const column = frame ? Math.max(0, Number(frame[2]) - 1) : 0;
  Object.defineProperty(error, 'message', { value: message, writable: true, configurable: true });
  const tail = internal.tail ? ['    at wrapSafe (node:internal/modules/cjs/loader:1620:18)', ...internal.tail] : [];
  Object.defineProperty(error, 'stack', {
    value: `SyntaxError: ${message}\n${tail.join('\n')}`,
    writable: true,
    configurable: true,
  });
  Object.defineProperty(error, '$head', { value: `${file}:${line}\n${shown}\n${' '.repeat(column)}^\n\n` });
};
module.exports = { improve };
