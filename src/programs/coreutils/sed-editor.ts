import { quotef } from '../toolkit/quote';
import type { Address, Command, Substitute } from './sed-parse';
import { LineFiles, output } from './sed-files';
import { expand, wrapped } from './sed-replace';
import { Source } from './sed-source';
import type { Tool } from '../toolkit/tool';

/** Runs a script over its input. */
export class Editor {
  #pattern = '';
  #hold = '';
  #holdUnterminated = false;
  #line = 0;
  /** What comes after this line; `raw`: a file's text, which may lack its last newline. */
  #append: (string | { readonly raw: string })[] = [];
  #lastRegex: RegExp | undefined;
  #quit: number | undefined;
  #file = '-';
  /** -i: what the file will hold. */
  #edited: string[] | undefined;
  readonly #written = new Map<string, string[]>();
  readonly #silent: boolean;
  readonly #width: number;
  readonly #lines: LineFiles;
  readonly #end: string;
  #unterminated = false;
  #missing = false;

  constructor(
    readonly tool: Tool,
    readonly commands: readonly Command[],
    silent: boolean,
  ) {
    const { options } = tool;
    this.#silent = silent;
    this.#width = Number(options.value('l') ?? 70);
    this.#lines = new LineFiles(tool);
    this.#end = options.has('z') ? '\0' : '\n';
    if (options.has('u')) tool.out.byLine = true;
    for (const { name, text, substitute } of commands) {
      const file = name === 'w' || name === 'W' ? text : substitute?.file;
      if (file !== undefined) this.#written.set(file, []);
    }
  }

  async run(files: readonly string[]): Promise<number> {
    const { options } = this.tool;
    const separator = options.has('z') ? 0 : 10;
    if (options.has('i', 's')) {
      for (const path of files) {
        if (options.has('i')) await this.#inPlace(path, separator);
        else {
          this.#line = 0;
          await this.#stream(new Source(this.tool, [path], separator), path);
        }
        if (this.#quit !== undefined) break;
      }
    } else await this.#stream(new Source(this.tool, [...files], separator), files[0] ?? '-');
    for (const [path, parts] of this.#written) {
      if (path === '/dev/stdout' || path === '/dev/stderr') continue;
      const done = this.tool.fs.writeFile(path, parts.join(''));
      if (!done.ok) return this.tool.fail(`couldn't open file ${path}: ${done.error.message}`, 4);
    }
    return this.#quit !== undefined && this.#quit > 0 ? this.#quit : this.tool.status;
  }

  async #inPlace(given: string, separator: number): Promise<void> {
    const { fs, options } = this.tool;
    const followed = options.has('follow-symlinks') ? fs.realpath(given) : undefined;
    const path = followed?.ok === true ? followed.value : given;
    const stat = fs.stat(path);
    if (!stat.ok) return this.tool.error(`can't read ${path}: ${stat.error.message}`, 2);
    if (stat.value.type !== 'file') return this.tool.error(`couldn't edit ${path}: not a regular file`, 4);
    this.#edited = [];
    this.#missing = false;
    this.#line = 0;
    await this.#stream(new Source(this.tool, [path], separator), path);
    const text = this.#edited.join('');
    this.#edited = undefined;
    const suffix = options.value('i');
    if (suffix !== undefined) {
      const backup = suffix.includes('*') ? suffix.replaceAll('*', path.split('/').at(-1) ?? path) : path + suffix;
      fs.rename(path, backup);
    } else {
      // A new file takes the old one's place, as GNU sed's temporary file does; links to the old one keep it.
      const gone = fs.unlink(path);
      if (!gone.ok) return this.tool.error(`cannot rename ${quotef(path)}: ${gone.error.message}`, 4);
    }
    const written = fs.writeFile(path, text, stat.value.mode);
    if (!written.ok) return this.tool.error(`couldn't open file ${path}: ${written.error.message}`, 4);
    fs.chmod(path, stat.value.mode);
    fs.chown(path, stat.value.uid, stat.value.gid);
  }

  async #stream(source: Source, file: string): Promise<void> {
    this.#file = file;
    for (;;) {
      const line = await source.next();
      if (line === undefined) return;
      this.#line++;
      this.#pattern = line;
      this.#unterminated = source.unterminated;
      let again = true;
      while (again) {
        const how = await this.#cycle(source);
        again = how === 'restart';
        if (!again && how !== 'delete' && !this.#silent) await this.#emit(this.#pattern);
        await this.#flushAppends();
      }
      if (this.#quit !== undefined) return;
    }
  }

  /** Runs the script once. */
  async #cycle(source: Source): Promise<'end' | 'delete' | 'restart'> {
    let substituted = false;
    for (let at = 0; at < this.commands.length; at++) {
      const command = this.commands[at];
      if (command === undefined) break;
      if (!(await this.#selected(command, source))) {
        if (command.name === '{') at = (command.target ?? at) - 1;
        continue;
      }
      const jump = () => {
        at = command.target ?? this.commands.length;
      };
      switch (command.name) {
        case 's':
          if (command.substitute !== undefined && (await this.#substitute(command.substitute))) substituted = true;
          break;
        case 'd':
          return 'delete';
        case 'D': {
          const end = this.#pattern.indexOf('\n');
          if (end < 0) return 'delete';
          this.#pattern = this.#pattern.slice(end + 1);
          return 'restart';
        }
        case 'p':
          await this.#emit(this.#pattern);
          break;
        case 'P':
          await this.#write(`${this.#pattern.split('\n')[0] ?? ''}${this.#end}`);
          break;
        case 'n': {
          if (await source.isLast()) {
            if (!this.#silent) await this.#emit(this.#pattern);
            this.#quit ??= 0;
            return 'delete';
          }
          if (!this.#silent) await this.#emit(this.#pattern);
          await this.#flushAppends();
          await this.#read(source);
          break;
        }
        case 'N': {
          // GNU prints the pattern space if there is no next line.
          if (await source.isLast()) {
            this.#quit ??= 0;
            return 'end';
          }
          await this.#flushAppends();
          const before = this.#pattern;
          await this.#read(source);
          this.#pattern = `${before}\n${this.#pattern}`;
          break;
        }
        case 'g':
          this.#pattern = this.#hold;
          this.#unterminated = this.#holdUnterminated;
          break;
        case 'G':
          this.#pattern += `\n${this.#hold}`;
          this.#unterminated &&= this.#holdUnterminated;
          break;
        case 'h':
          this.#hold = this.#pattern;
          this.#holdUnterminated = this.#unterminated;
          break;
        case 'H':
          this.#hold += `\n${this.#pattern}`;
          break;
        case 'x':
          [this.#pattern, this.#hold] = [this.#hold, this.#pattern];
          [this.#unterminated, this.#holdUnterminated] = [this.#holdUnterminated, this.#unterminated];
          break;
        case 'z':
          this.#pattern = '';
          break;
        case '=':
          await this.#write(`${this.#line}\n`);
          break;
        case 'F':
          await this.#write(`${this.#file}\n`);
          break;
        case 'l':
          await this.#write(wrapped(this.#pattern, command.text === '' ? this.#width : Number(command.text)));
          break;
        case 'y':
          this.#pattern = [...this.#pattern].map((char) => command.map?.get(char) ?? char).join('');
          break;
        case 'a':
          this.#append.push(command.text);
          break;
        case 'i':
          await this.#write(command.text);
          break;
        case 'c':
          // Of a range the text comes once, at its end.
          if (command.to === undefined || command.negated || !command.active) await this.#write(command.text);
          return 'delete';
        case 'r': {
          const text = this.tool.fs.readText(command.text);
          if (text.ok) this.#append.push({ raw: text.value });
          break;
        }
        case 'R': {
          const next = this.#lines.next(command.text);
          if (next !== undefined) this.#append.push(`${next}\n`);
          break;
        }
        case 'W':
          await this.#toFile(command.text, `${this.#pattern.split('\n')[0] ?? ''}\n`);
          break;
        case 'e': {
          await this.tool.out.flush();
          if (command.text !== '') await this.#write(await output(this.tool, command.text));
          else this.#pattern = (await output(this.tool, this.#pattern)).replace(/\n$/, '');
          break;
        }
        case 'w':
          await this.#toFile(command.text, this.#pattern + (this.#unterminated ? '' : '\n'));
          break;
        case 'b':
          jump();
          break;
        case 't':
          if (substituted) jump();
          substituted = false;
          break;
        case 'T':
          if (!substituted) jump();
          substituted = false;
          break;
        case 'q':
          this.#quit = Number(command.text === '' ? 0 : command.text);
          return 'end';
        case 'Q':
          this.#quit = Number(command.text === '' ? 0 : command.text);
          return 'delete';
        default:
          break;
      }
    }
    return 'end';
  }

  async #read(source: Source): Promise<void> {
    this.#pattern = (await source.next()) ?? '';
    this.#unterminated = source.unterminated;
    this.#line++;
  }

  async #selected(command: Command, source: Source): Promise<boolean> {
    const { from, to } = command;
    if (from === undefined) return !command.negated;
    if (to === undefined) return (await this.#matches(from, source)) !== command.negated;
    return (await this.#inRange(command, from, to, source)) !== command.negated;
  }

  async #inRange(command: Command, from: Address, to: Address, source: Source): Promise<boolean> {
    const line = this.#line;
    if (command.active) {
      if (command.until > 0) {
        // A line number that has passed ends the range before this line.
        if (line > command.until) {
          command.active = false;
          return from.kind === 'line' ? line === from.line : this.#inRange(command, from, to, source);
        }
        command.active = line < command.until;
        return true;
      }
      if (await this.#matches(to, source)) command.active = false;
      return true;
    }
    // 0,/re/: the range is open before the first line.
    const zero = from.kind === 'line' && from.line === 0;
    if (zero ? line !== 1 : !(await this.#matches(from, source))) return false;
    command.active = true;
    command.until = 0;
    if (zero) {
      if (await this.#matches(to, source)) command.active = false;
      return true;
    }
    if (to.kind === 'line') command.until = to.line;
    if (to.kind === 'plus') command.until = line + to.count;
    if (to.kind === 'multiple') command.until = to.count === 0 ? line : line + to.count - (line % to.count);
    if (to.kind !== 'regex' && to.kind !== 'last' && command.until <= line) command.active = false;
    if (to.kind === 'last' && (await source.isLast())) command.active = false;
    return true;
  }

  async #matches(address: Address, source: Source): Promise<boolean> {
    switch (address.kind) {
      case 'line':
        return this.#line === address.line;
      case 'last':
        return source.isLast();
      case 'step':
        if (address.step === 0) return this.#line === address.first;
        return this.#line >= address.first && (this.#line - address.first) % address.step === 0;
      case 'regex': {
        const regex = this.#regexOf(address.regex);
        regex.lastIndex = 0;
        return regex.test(this.#pattern);
      }
      case 'plus':
      case 'multiple':
        return false;
    }
  }

  #regexOf(regex: RegExp | undefined): RegExp {
    this.#lastRegex = regex ?? this.#lastRegex ?? /(?!)/g;
    return this.#lastRegex;
  }

  async #substitute({ regex, replacement, global, print, nth, file, execute }: Substitute): Promise<boolean> {
    let count = 0;
    let done = false;
    const used = this.#regexOf(regex);
    used.lastIndex = 0;
    const text = this.#pattern;
    let result = '';
    let copied = 0;
    let ended = -1;
    for (const match of text.matchAll(used)) {
      // Right after a match an empty one does not count.
      if (match[0] === '' && match.index === ended) continue;
      ended = match.index + match[0].length;
      count++;
      const wanted = nth === 0 ? global || count === 1 : global ? count >= nth : count === nth;
      if (!wanted) continue;
      done = true;
      result += text.slice(copied, match.index) + expand(replacement, match);
      copied = ended;
      if (!global) break;
    }
    this.#pattern = result + text.slice(copied);
    if (!done) return false;
    if (execute) this.#pattern = (await output(this.tool, this.#pattern)).replace(/\n$/, '');
    if (print) await this.#emit(this.#pattern);
    if (file !== undefined) await this.#toFile(file, this.#pattern + (this.#unterminated ? '' : '\n'));
    return true;
  }

  #emit(text: string): Promise<void> | undefined {
    const missing = this.#unterminated && this.#append.length === 0;
    return this.#write(text + (missing ? '' : this.#end));
  }

  #write(given: string, exact = false): Promise<void> | undefined {
    // What comes after a last line without a newline begins a new one.
    const text = this.#missing && given !== '' && !exact ? this.#end + given : given;
    if (text === '') return undefined;
    this.#missing = !text.endsWith(this.#end);
    if (this.#edited !== undefined) {
      this.#edited.push(text);
      return undefined;
    }
    return this.tool.out.write(text);
  }

  async #toFile(path: string, text: string): Promise<void> {
    if (path === '/dev/stdout') await this.#write(text);
    else if (path === '/dev/stderr') await this.tool.process.stderr.write(text);
    else this.#written.get(path)?.push(text);
  }

  async #flushAppends(): Promise<void> {
    for (const text of this.#append.splice(0)) {
      if (text === '') await this.#write(this.#missing ? this.#end : '', true);
      else if (typeof text === 'string') await this.#write(text);
      else {
        await this.#write(text.raw);
        this.#missing = false;
      }
    }
  }
}
