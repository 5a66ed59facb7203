const EventEmitter = require('events');
class Interface extends EventEmitter {
  constructor(input, output) {
    super();
    const options = input.input ? input : { input, output };
    Object.assign(this, {
      input: options.input,
      output: options.output,
      terminal: false,
      line: '',
      closed: false,
      $prompt: options.prompt ?? '> ',
    });
    Object.defineProperties(this, {
      $lines: { value: [] },
      $asked: { value: [] },
      $rest: { value: '', writable: true },
    });
    this.input.on('data', (chunk) => {
      const lines = (this.$rest + String(chunk)).split(/\r?\n/);
      this.$rest = lines.pop();
      for (const line of lines) this.$take(line);
    });
    this.input.on('end', () => {
      if (this.$rest !== '') this.$take(this.$rest);
      this.$rest = '';
      this.close();
    });
  }
  $take(line) {
    const asked = this.$asked.shift();
    if (asked) asked(line);
    else this.emit('line', line);
  }
  setPrompt(text) {
    this.$prompt = text;
  }
  prompt() {
    if (this.output) this.output.write(this.$prompt);
    this.input.resume();
  }
  question(text, options, done = options) {
    if (this.output) this.output.write(text);
    this.$asked.push(done);
    this.input.resume();
  }
  write(text) {
    if (text) this.$take(String(text));
  }
  pause() {
    this.input.pause();
    return this;
  }
  resume() {
    this.input.resume();
    return this;
  }
  close() {
    if (this.closed) return;
    this.closed = true;
    this.input.pause();
    this.emit('close');
  }
  async *[Symbol.asyncIterator]() {
    const lines = [];
    let wake;
    let done = this.closed;
    this.on('line', (line) => (lines.push(line), wake && wake()));
    this.on('close', () => ((done = true), wake && wake()));
    for (;;) {
      while (lines.length > 0) yield lines.shift();
      if (done) return;
      await new Promise((resolve) => (wake = resolve));
    }
  }
}
const createInterface = (input, output) => new Interface(input, output);
module.exports = {
  Interface,
  createInterface,
  clearLine: (stream, direction) => stream.clearLine(direction),
  cursorTo: (stream, x, y) => stream.cursorTo(x, y),
  moveCursor: (stream, x, y) => stream.moveCursor(x, y),
  emitKeypressEvents() {},
  promises: {
    createInterface(input, output) {
      const made = new Interface(input, output);
      const ask = made.question;
      made.question = (text) => new Promise((resolve) => ask.call(made, text, resolve));
      return made;
    },
  },
};
