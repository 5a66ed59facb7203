import { checkConditional } from './conditional';
import { Fault, NoVerdict, unclosed } from './fault';
import { isRedirection, Tokens, unexpected, type Token } from './tokens';

const closing = new Set(['then', 'do', 'done', 'fi', 'elif', 'else', 'esac', 'in', '}']);
const assigning = new Set(['declare', 'typeset', 'local', 'export', 'readonly', 'eval', 'let']);
const separators = new Set([';', '&']);
const assignment = /^[A-Za-z_]\w*(?:\[.*\])?\+?=/s;

const compounds = new Set(['(', '{', 'if', 'while', 'until', 'for', 'case']);
const bashWords = new Set(['[[', 'time', 'function', 'select', 'coproc']);
const plainAssignment = /^[A-Za-z_]\w*=/;

/** bash's grammar (parse.y) as a recursive descent that builds nothing: it only finds where a text goes wrong. */
export class Grammar {
  readonly tokens: Tokens;
  /** Where the commands begin that bash reads together with what goes wrong. */
  lineStart = 0;
  /** What is to be put where, so that bash's grammar reads the text as dash's does. */
  readonly masks = new Map<number, string>();
  #depth = 0;

  constructor(
    text: string,
    extglob: boolean,
    /** dash's grammar: POSIX and nothing else. */
    private readonly plain = false,
  ) {
    this.tokens = new Tokens(
      text,
      extglob,
      (position) => this.#substitution(position),
      (position) => this.#elements(position),
      plain,
    );
  }

  /** The whole text; throws a `Fault`. */
  script(): void {
    for (;;) {
      const token = this.#atCommand();
      if (token.kind === 'end') return;
      if (token.kind === 'newline') {
        this.tokens.take();
        continue;
      }
      this.lineStart = token.start;
      this.#line();
    }
  }

  #atCommand(): Token {
    return this.tokens.peek({ assigns: true });
  }

  #isOperator(token: Token, text: string): boolean {
    return token.kind === 'operator' && token.text === text;
  }

  /** Commands up to a newline. */
  #line(): void {
    for (;;) {
      this.#andOr();
      const next = this.tokens.peek();
      if (next.kind === 'newline' || next.kind === 'end') return;
      if (next.kind !== 'operator' || !separators.has(next.text)) throw unexpected(next);
      this.#takeSeparator();
      const after = this.#atCommand();
      if (after.kind === 'newline' || after.kind === 'end') return;
    }
  }

  /** In dash `&>` is `&` and `>`. */
  #takeSeparator(): void {
    const { text, end } = this.tokens.take();
    if (this.plain && text === '&' && this.tokens.text.charAt(end) === '>') this.masks.set(end, ' ');
  }

  #newlines(): void {
    while (this.#atCommand().kind === 'newline') this.tokens.take();
  }

  /** Commands inside something; at least one. Ends before what cannot begin a command. */
  #list(): void {
    this.#newlines();
    // dash's lists may be empty at the end: what closes them is what it misses.
    if (this.plain && this.#atCommand().kind === 'end') return;
    for (;;) {
      this.#andOr();
      const next = this.tokens.peek();
      if (next.kind !== 'newline' && !(next.kind === 'operator' && separators.has(next.text))) return;
      this.#takeSeparator();
      this.#newlines();
      const after = this.#atCommand();
      if (this.plain && after.kind === 'operator' && after.text === '&') throw unexpected(after);
      if (!this.#begins(after)) return;
    }
  }

  #begins(token: Token): boolean {
    if (token.kind === 'operator') return token.text === '(' || isRedirection(token);
    return token.kind === 'word' && !closing.has(token.text);
  }

  #andOr(): void {
    for (;;) {
      this.#pipeline();
      const next = this.tokens.peek();
      if (!this.#isOperator(next, '&&') && !this.#isOperator(next, '||')) return;
      this.tokens.take();
      this.#newlines();
    }
  }

  #pipeline(): void {
    let token = this.#atCommand();
    let negated = false;
    while (token.kind === 'word' && (token.text === '!' || (token.text === 'time' && !this.plain))) {
      if (negated) throw unexpected(token);
      negated = this.plain;
      const isTime = token.text === 'time';
      this.tokens.take();
      token = this.#atCommand();
      if (isTime && token.kind === 'word' && (token.text === '-p' || token.text === '--')) {
        this.tokens.take();
        token = this.#atCommand();
      }
      if (token.kind === 'newline' || token.kind === 'end' || this.#isOperator(token, ';')) return;
    }
    for (;;) {
      this.#command();
      const next = this.tokens.peek();
      if (!this.#isOperator(next, '|') && !this.#isOperator(next, '|&')) return;
      this.tokens.take();
      this.#newlines();
    }
  }

  #command(): void {
    if (++this.#depth > 100) throw new NoVerdict();
    const token = this.#atCommand();
    if (this.plain) this.#mask(token);
    if (token.kind === 'word' && token.text === 'coproc' && !this.plain) this.#coprocess();
    else if (this.#compound(token)) this.#redirections();
    else if (token.kind === 'word' && token.text === 'function' && !this.plain) this.#functionNamed();
    else this.#simple(token);
    this.#depth--;
  }

  /** What begins a command only in bash. */
  #mask({ kind, text, start, end }: Token): void {
    if (kind === 'operator' && text === '(' && this.tokens.text.charAt(end) === '(') this.masks.set(end, ' ');
    if (kind !== 'word') return;
    if (bashWords.has(text) || (!plainAssignment.test(text) && assignment.test(text))) this.masks.set(start, '\\');
  }

  /** A compound command if one begins here. */
  #compound(token: Token): boolean {
    if (this.#isOperator(token, '(')) {
      this.#parenthesis(token);
      return true;
    }
    if (token.kind !== 'word' || (this.plain && (token.text === 'select' || token.text === '[['))) return false;
    switch (token.text) {
      case 'if':
        this.tokens.take();
        this.#if();
        return true;
      case 'while':
      case 'until':
        this.tokens.take();
        this.#list();
        this.#doDone();
        return true;
      case 'for':
      case 'select':
        this.tokens.take();
        this.#for(token.text === 'for');
        return true;
      case 'case':
        this.tokens.take();
        this.#case();
        return true;
      case '{':
        this.tokens.take();
        this.#list();
        this.#reserved('}');
        return true;
      case '[[':
        this.tokens.take();
        checkConditional(this.tokens);
        return true;
      default:
        return false;
    }
  }

  #parenthesis(open: Token): void {
    const { tokens } = this;
    if (!this.plain && tokens.text.charAt(open.end) === '(') {
      const end = tokens.words.arithmetic(open.end + 1);
      if (end !== undefined) {
        tokens.take();
        tokens.jump(end);
        return;
      }
    }
    tokens.take();
    this.#list();
    this.#operator(')');
  }

  #reserved(word: string): void {
    const token = this.#atCommand();
    if (token.kind !== 'word' || token.text !== word) throw unexpected(token, word);
    this.tokens.take();
  }

  #operator(text: string): void {
    const token = this.tokens.peek();
    if (!this.#isOperator(token, text)) throw unexpected(token, text);
    this.tokens.take();
  }

  #if(): void {
    this.#list();
    this.#reserved('then');
    this.#list();
    for (;;) {
      const token = this.#atCommand();
      if (token.kind !== 'word') throw unexpected(token);
      if (token.text === 'elif') {
        this.tokens.take();
        this.#list();
        this.#reserved('then');
        this.#list();
        continue;
      }
      if (token.text === 'else') {
        this.tokens.take();
        this.#list();
      }
      this.#reserved('fi');
      return;
    }
  }

  #doDone(): void {
    this.#reserved('do');
    this.#list();
    this.#reserved('done');
  }

  #for(isFor: boolean): void {
    const { tokens } = this;
    const name = tokens.peek();
    if (this.plain && !/^[A-Za-z_]\w*$/.test(name.text))
      throw new Fault(name.start, ['Syntax error: Bad for loop variable']);
    if (isFor && this.#isOperator(name, '(') && tokens.text.charAt(name.end) === '(') {
      this.#arithmeticFor(name);
    } else {
      if (name.kind !== 'word') throw unexpected(name);
      tokens.take();
      let next = tokens.peek();
      if (this.#isOperator(next, ';')) tokens.take();
      else {
        while (next.kind === 'newline') {
          tokens.take();
          next = tokens.peek();
        }
        if (next.kind === 'word' && next.text === 'in') {
          tokens.take();
          while (tokens.peek().kind === 'word') tokens.take();
          const end = tokens.peek();
          if (end.kind !== 'newline' && !this.#isOperator(end, ';')) throw unexpected(end);
          tokens.take();
        }
      }
    }
    this.#newlines();
    const body = this.#atCommand();
    if (body.kind === 'word' && body.text === '{') {
      this.#compound(body);
      return;
    }
    this.#doDone();
  }

  #arithmeticFor(open: Token): void {
    const { tokens } = this;
    const { text } = tokens;
    const end = tokens.words.arithmetic(open.end + 1);
    if (end === undefined) throw unclosed(open.start, ')');
    const inner = text.slice(open.end + 1, end - 2);
    const semicolons = inner.replace(/(["'`])(?:\\.|(?!\1).)*\1|\$?\([^()]*\)/gs, '').split(';').length - 1;
    if (semicolons !== 2) {
      const what = semicolons < 2 ? 'arithmetic expression required' : "`;' unexpected";
      throw new Fault(open.start, [`syntax error: ${what}`, `syntax error: \`((${inner}))'`]);
    }
    tokens.take();
    tokens.jump(end);
    if (this.#isOperator(tokens.peek(), ';')) tokens.take();
  }

  #case(): void {
    const { tokens } = this;
    const word = tokens.peek();
    if (word.kind !== 'word') throw unexpected(word);
    tokens.take();
    while (tokens.peek().kind === 'newline') tokens.take();
    const keyword = tokens.peek();
    if (keyword.kind !== 'word' || keyword.text !== 'in') throw unexpected(keyword, this.plain ? 'in' : undefined);
    tokens.take();
    for (;;) {
      while (tokens.peek().kind === 'newline') tokens.take();
      const first = tokens.peek();
      if (first.kind === 'word' && first.text === 'esac') break;
      if (this.#isOperator(first, '(')) tokens.take();
      this.#patterns();
      this.#newlines();
      if (this.#begins(this.#atCommand())) this.#list();
      const end = tokens.peek();
      if (end.kind === 'operator' && [';;', ';&', ';;&'].includes(end.text)) tokens.take();
      else break;
    }
    this.#reserved('esac');
  }

  #patterns(): void {
    const { tokens } = this;
    for (;;) {
      const pattern = tokens.peek();
      // dash takes any token for a pattern.
      if (pattern.kind !== 'word' && (!this.plain || pattern.kind === 'end')) throw unexpected(pattern, ')');
      tokens.take();
      const next = tokens.peek();
      if (!this.#isOperator(next, '|')) break;
      tokens.take();
    }
    this.#operator(')');
  }

  #functionNamed(): void {
    const { tokens } = this;
    tokens.take();
    const name = tokens.peek();
    if (name.kind !== 'word') throw unexpected(name);
    tokens.take();
    if (this.#isOperator(tokens.peek(), '(') && /^\([ \t]*\)/.test(tokens.text.slice(tokens.peek().start))) {
      tokens.take();
      this.#operator(')');
    }
    this.#functionBody();
  }

  #functionBody(): void {
    this.#newlines();
    const token = this.#atCommand();
    // POSIX wants a compound command; dash takes any.
    if (this.plain) {
      this.#command();
      if (compounds.has(token.text)) return;
      this.masks.set(token.start, `{ ${this.masks.get(token.start) ?? ''}`);
      this.masks.set(this.tokens.position, `; }${this.masks.get(this.tokens.position) ?? ''}`);
      return;
    }
    if (!this.#compound(token)) throw unexpected(token);
    this.#redirections();
  }

  #coprocess(): void {
    const { tokens } = this;
    tokens.take();
    let token = this.#atCommand();
    if (this.#compound(token)) {
      this.#redirections();
      return;
    }
    if (token.kind === 'word') {
      const name = token;
      tokens.take();
      token = this.#atCommand();
      if (this.#compound(token)) {
        this.#redirections();
        return;
      }
      if (this.#begins(token) && !this.#isOperator(token, '(')) this.#elementsOfSimple(name.text);
      return;
    }
    this.#simple(token);
  }

  #redirections(): void {
    for (;;) {
      const token = this.tokens.peek();
      if (isRedirection(token)) this.#redirection();
      else if (this.#isDescriptor(token)) {
        this.tokens.take();
        this.#redirection();
      } else return;
    }
  }

  /** `2` or `{name}` right before `<` or `>`. */
  #isDescriptor({ kind, text, end }: Token): boolean {
    return kind === 'word' && /^(?:\d+|\{[A-Za-z_]\w*\})$/.test(text) && /[<>]/.test(this.tokens.text.charAt(end));
  }

  #redirection(): void {
    const { tokens } = this;
    const { text } = tokens.peek();
    tokens.take();
    const target = tokens.peek();
    // In `<1>` the 1 is a descriptor, not a name.
    const number = this.#isDescriptor(target) && /^\d/.test(target.text) && text !== '>&' && text !== '<&';
    if (target.kind !== 'word' || number) throw unexpected(target);
    tokens.take();
    if (text === '<<' || text === '<<-') tokens.hereDoc(target, text === '<<-');
  }

  #simple(first: Token): void {
    if (!this.#begins(first)) throw unexpected(first);
    const { tokens } = this;
    if (first.kind === 'word' && !this.#isDescriptor(first)) {
      tokens.take();
      if (!(this.plain ? plainAssignment : assignment).test(first.text)) {
        if (this.#isOperator(tokens.peek(), '(')) {
          tokens.take();
          this.#operator(')');
          if (this.plain && !/^[A-Za-z_]\w*$/.test(first.text))
            throw new Fault(first.start, ['Syntax error: Bad function name']);
          this.#functionBody();
          return;
        }
        this.#elementsOfSimple(first.text);
        return;
      }
    }
    this.#elementsOfSimple(undefined);
  }

  /** Assignments and redirections up to the command's name, then its arguments. */
  #elementsOfSimple(known: string | undefined): void {
    const { tokens } = this;
    let name = known;
    for (;;) {
      const token = tokens.peek({ assigns: name === undefined || assigning.has(name) });
      if (isRedirection(token)) this.#redirection();
      else if (token.kind !== 'word') {
        if (this.#isOperator(token, '(')) throw unexpected(token);
        return;
      } else {
        tokens.take();
        if (this.#isDescriptor(token)) this.#redirection();
        else if (name === undefined && !assignment.test(token.text)) name = token.text;
      }
    }
  }

  /** The commands of `$(` up to its `)`. */
  #substitution(position: number): number {
    const { tokens } = this;
    const back = tokens.jump(position);
    const depth = this.#depth;
    try {
      this.#newlines();
      if (!this.#isOperator(this.#atCommand(), ')')) {
        this.#list();
      }
      const end = tokens.peek();
      if (end.kind === 'end') throw unclosed(position, ')', true);
      this.#operator(')');
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      // What ends inside looks for the parenthesis.
      if (error.options.atEnd === true) throw unclosed(position, ')', true);
      if (error.options.unfinished === true) throw error;
      throw new Fault(error.position, error.messages, { effect: 'substitution', ...error.options });
    }
    const after = tokens.position;
    back();
    this.#depth = depth;
    return after;
  }

  /** The elements of `a=(` up to its `)`. */
  #elements(position: number): number {
    const { tokens } = this;
    const back = tokens.jump(position);
    for (;;) {
      const token = tokens.peek();
      if (token.kind === 'end')
        throw new Fault(position, unclosed(position, ')').messages, { unfinished: true, effect: 'array' });
      if (token.kind === 'operator' && token.text !== ')') {
        throw new Fault(token.start, unexpected(token).messages, { shown: true, effect: 'array' });
      }
      tokens.take();
      if (token.kind === 'operator') break;
    }
    const after = tokens.position;
    back();
    return after;
  }
}
