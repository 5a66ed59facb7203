import type { Call, Expression, Order, Query } from './ast';
import type { Reader } from './reader';

/** Parses a query: what an expression may have inside. */
export type QueryParser = (reader: Reader) => Query;

const units =
  'MICROSECOND SECOND MINUTE HOUR DAY WEEK MONTH QUARTER YEAR DAY_HOUR DAY_MINUTE DAY_SECOND HOUR_MINUTE HOUR_SECOND MINUTE_SECOND YEAR_MONTH'.split(
    ' ',
  );
const withoutParentheses = new Set([
  'CURRENT_DATE',
  'CURRENT_TIME',
  'CURRENT_TIMESTAMP',
  'LOCALTIME',
  'LOCALTIMESTAMP',
  'CURRENT_USER',
  'UTC_TIMESTAMP',
  'UTC_DATE',
  'UTC_TIME',
]);
/** Keywords that are functions where a parenthesis follows. */
const functionWords = new Set(
  'IF LEFT RIGHT REPLACE INSERT MOD DATABASE SCHEMA VALUES CHAR TRUNCATE REPEAT USER CURRENT_USER'.split(' '),
);

/** Parses expressions by precedence (MySQL's "Operator Precedence"). */
export class ExpressionParser {
  constructor(
    readonly reader: Reader,
    readonly query: QueryParser,
  ) {}

  expression(): Expression {
    return this.#or();
  }

  #binary(left: Expression, operator: string, right: Expression): Expression {
    return { kind: 'binary', operator, left, right, from: left.from, to: right.to };
  }

  #or(): Expression {
    let left = this.#xor();
    while (this.reader.acceptOne('OR', '||') !== undefined) left = this.#binary(left, 'OR', this.#xor());
    return left;
  }

  #xor(): Expression {
    let left = this.#and();
    while (this.reader.accept('XOR')) left = this.#binary(left, 'XOR', this.#and());
    return left;
  }

  #and(): Expression {
    let left = this.#not();
    while (this.reader.acceptOne('AND', '&&') !== undefined) left = this.#binary(left, 'AND', this.#not());
    return left;
  }

  #not(): Expression {
    const { from } = this.reader.token;
    if (!this.reader.accept('NOT')) return this.#comparison();
    const operand = this.#not();
    return { kind: 'unary', operator: '!', operand, from, to: operand.to };
  }

  #comparison(): Expression {
    const { reader } = this;
    let left = this.#bits();
    for (;;) {
      const operator = reader.acceptOne('=', '<=>', '>=', '<=', '<>', '!=', '<', '>');
      if (operator !== undefined) {
        reader.acceptOne('ANY', 'ALL', 'SOME');
        left = this.#binary(left, operator === '!=' ? '<>' : operator, this.#bits());
        continue;
      }
      if (reader.accept('IS')) {
        const not = reader.accept('NOT');
        const what = reader.acceptOne('NULL', 'TRUE', 'FALSE', 'UNKNOWN');
        if (what === undefined) reader.fail();
        left = {
          kind: 'is',
          operand: left,
          what: what === 'TRUE' ? 'true' : what === 'FALSE' ? 'false' : 'null',
          not,
          from: left.from,
          to: reader.last,
        };
        continue;
      }
      const not =
        reader.is('NOT') && ['IN', 'LIKE', 'BETWEEN', 'REGEXP', 'RLIKE'].some((word) => reader.is('NOT', word));
      if (not) reader.accept('NOT');
      if (reader.accept('IN')) left = this.#in(left, not);
      else if (reader.accept('BETWEEN')) {
        const low = this.#bits();
        reader.expect('AND');
        const high = this.#bits();
        left = { kind: 'between', operand: left, low, high, not, from: left.from, to: high.to };
      } else if (reader.accept('LIKE')) {
        const pattern = this.#bits();
        const escape = reader.accept('ESCAPE') ? reader.text() : undefined;
        left = {
          kind: 'like',
          operand: left,
          pattern,
          not,
          from: left.from,
          to: reader.last,
          ...(escape === undefined ? {} : { escape }),
        };
      } else if (reader.acceptOne('REGEXP', 'RLIKE') !== undefined) {
        const pattern = this.#bits();
        left = { kind: 'regexp', operand: left, pattern, not, from: left.from, to: pattern.to };
      } else return left;
    }
  }

  #in(operand: Expression, not: boolean): Expression {
    const { reader } = this;
    reader.expect('(');
    const list = reader.isOne('SELECT', 'WITH') ? this.query(reader) : reader.list(() => this.expression());
    reader.expect(')');
    return { kind: 'in', operand, list, not, from: operand.from, to: reader.last };
  }

  #level(operators: readonly string[], below: () => Expression): Expression {
    let left = below();
    for (;;) {
      const operator = this.reader.acceptOne(...operators);
      if (operator === undefined) return left;
      left = this.#binary(left, operator, below());
    }
  }

  #bits(): Expression {
    return this.#level(['|'], () =>
      this.#level(['&'], () => this.#level(['<<', '>>'], () => this.#level(['+', '-'], () => this.#product()))),
    );
  }

  #product(): Expression {
    return this.#level(['*', '/', 'DIV', '%', 'MOD'], () => this.#level(['^'], () => this.#unary()));
  }

  #unary(): Expression {
    const { reader } = this;
    const { from } = reader.token;
    const operator = reader.acceptOne('-', '+', '!', '~');
    if (operator !== undefined) {
      const operand = this.#unary();
      return { kind: 'unary', operator: operator as '-', operand, from, to: operand.to };
    }
    if (reader.is('BINARY') && reader.peek(1).kind !== 'operator') {
      reader.next();
      const operand = this.#unary();
      return { kind: 'cast', operand, type: 'binary', from, to: operand.to };
    }
    let operand = this.#primary();
    for (;;) {
      if (reader.accept('COLLATE')) reader.nameOrText();
      else if (reader.isOne('->', '->>')) {
        const { text } = reader.next();
        const path = this.#primary();
        const call = (name: string, args: readonly Expression[]): Call => ({
          kind: 'call',
          name,
          args,
          distinct: false,
          order: [],
          from: operand.from,
          to: path.to,
        });
        operand = call('json_extract', [operand, path]);
        if (text === '->>') operand = call('json_unquote', [operand]);
      } else return operand;
    }
  }

  #primary(): Expression {
    const { reader } = this;
    const token = reader.token;
    const { from, to } = token;
    switch (token.kind) {
      case 'text': {
        reader.next();
        let value = token.text;
        while (reader.token.kind === 'text') value += reader.next().text;
        return { kind: 'text', value, from, to: reader.last };
      }
      case 'number':
        reader.next();
        return {
          kind: /e/i.test(token.text) ? 'double' : token.text.includes('.') ? 'decimal' : 'integer',
          value: token.text,
          from,
          to,
        };
      case 'hex':
        reader.next();
        return { kind: 'hex', value: token.text, from, to };
      case 'variable': {
        reader.next();
        if (!reader.accept(':=')) return { kind: 'user', name: token.text, from, to };
        const set = this.expression();
        return { kind: 'user', name: token.text, set, from, to: set.to };
      }
      case 'system':
        reader.next();
        return { kind: 'system', name: token.text, from, to };
      case 'name':
        return this.#column();
      case 'operator':
        if (reader.accept('(')) return this.#parentheses(from);
        if (reader.accept('*')) return { kind: 'star', from, to };
        if (reader.accept('?')) return { kind: 'user', name: '?', from, to };
        return reader.fail();
      case 'word':
        return this.#word();
      case 'end':
        return reader.fail();
    }
  }

  #parentheses(from: number): Expression {
    const { reader } = this;
    if (reader.isOne('SELECT', 'WITH')) {
      const query = this.query(reader);
      reader.expect(')');
      return { kind: 'query', query, from, to: reader.last };
    }
    const items = reader.list(() => this.expression());
    reader.expect(')');
    const [first] = items;
    if (items.length === 1 && first !== undefined) return { ...first, from, to: reader.last };
    return { kind: 'row', items, from, to: reader.last };
  }

  #column(): Expression {
    const { reader } = this;
    const { from } = reader.token;
    const names = [reader.name()];
    while (reader.is('.')) {
      reader.next();
      if (reader.accept('*')) return { kind: 'all', table: names.at(-1) ?? '', from, to: reader.last };
      const token = reader.next();
      if (token.kind !== 'word' && token.kind !== 'name') reader.fail(token);
      names.push(token.text);
    }
    const [name = '', table, database] = names.reverse();
    return {
      kind: 'column',
      name,
      from,
      to: reader.last,
      ...(table === undefined ? {} : { table }),
      ...(database === undefined ? {} : { database }),
    };
  }

  #word(): Expression {
    const { reader } = this;
    const { from, to, text } = reader.token;
    const word = text.toUpperCase();
    const follows = reader.peek(1);
    const called = follows.kind === 'operator' && follows.text === '(';
    switch (word) {
      case 'NULL':
        reader.next();
        return { kind: 'null', from, to };
      case 'TRUE':
      case 'FALSE':
        reader.next();
        return { kind: 'truth', value: word === 'TRUE', from, to };
      case 'DEFAULT':
        if (called) break;
        reader.next();
        return { kind: 'default', from, to };
      case 'EXISTS': {
        reader.next();
        reader.expect('(');
        const query = this.query(reader);
        reader.expect(')');
        return { kind: 'exists', query, from, to: reader.last };
      }
      case 'CASE':
        return this.#case();
      case 'CAST':
      case 'CONVERT':
        if (called) return this.#cast(word);
        break;
      case 'INTERVAL':
        if (!called || units.some((unit) => this.#intervalUnit(unit))) {
          reader.next();
          const amount = this.expression();
          return { kind: 'interval', amount, unit: this.#unit(), from, to: reader.last };
        }
        break;
      case 'DATE':
      case 'TIMESTAMP':
      case 'TIME':
        if (follows.kind === 'text') {
          reader.next();
          const { text: value } = reader.next();
          return {
            kind: 'cast',
            operand: { kind: 'text', value, from, to },
            type: word.toLowerCase(),
            from,
            to: reader.last,
          };
        }
        break;
    }
    if (withoutParentheses.has(word) && !called) {
      reader.next();
      return { kind: 'call', name: text.toLowerCase(), args: [], distinct: false, order: [], from, to };
    }
    if (text.startsWith('_') && follows.kind === 'text') {
      reader.next();
      return this.#primary();
    }
    if (called && (functionWords.has(word) || !/^(SELECT|FROM|WHERE|AND|OR|IN|ON|USING|SET|BY)$/.test(word)))
      return this.#call();
    return this.#column();
  }

  /** INTERVAL (…) DAY: is a unit what follows the parenthesis? */
  #intervalUnit(unit: string): boolean {
    let depth = 0;
    for (let ahead = 1; ; ahead++) {
      const token = this.reader.peek(ahead);
      if (token.kind === 'end') return false;
      if (token.kind === 'operator' && token.text === '(') depth++;
      if (token.kind === 'operator' && token.text === ')' && --depth === 0)
        return this.reader.peek(ahead + 1).text.toUpperCase() === unit;
    }
  }

  #unit(): string {
    const unit = this.reader.acceptOne(...units);
    return unit ?? this.reader.fail();
  }

  #case(): Expression {
    const { reader } = this;
    const { from } = reader.next();
    const operand = reader.is('WHEN') ? undefined : this.expression();
    const branches: { when: Expression; then: Expression }[] = [];
    while (reader.accept('WHEN')) {
      const when = this.expression();
      reader.expect('THEN');
      branches.push({ when, then: this.expression() });
    }
    const otherwise = reader.accept('ELSE') ? this.expression() : undefined;
    reader.expect('END');
    return {
      kind: 'case',
      branches,
      from,
      to: reader.last,
      ...(operand === undefined ? {} : { operand }),
      ...(otherwise === undefined ? {} : { otherwise }),
    };
  }

  #cast(word: string): Expression {
    const { reader } = this;
    const { from } = reader.next();
    reader.expect('(');
    const operand = this.expression();
    if (word === 'CONVERT' && reader.accept('USING')) {
      reader.nameOrText();
      reader.expect(')');
      return { ...operand, from, to: reader.last };
    }
    if (!reader.accept(word === 'CAST' ? 'AS' : ',')) reader.fail();
    const type = reader.next().text.toLowerCase();
    const parameters = reader.is('(') ? reader.enclosed(() => reader.number()) : [];
    reader.acceptOne('INTEGER', 'INT');
    if (reader.accept('CHARACTER', 'SET')) reader.nameOrText();
    reader.expect(')');
    const scale = type === 'decimal' ? (parameters[1] ?? 0) : parameters[0];
    return { kind: 'cast', operand, type, from, to: reader.last, ...(scale === undefined ? {} : { scale }) };
  }

  #call(): Expression {
    const { reader } = this;
    const { from, text } = reader.next();
    const name = text.toLowerCase();
    reader.expect('(');
    const distinct = reader.accept('DISTINCT');
    let args: Expression[] = [];
    let order: readonly Order[] = [];
    let separator: string | undefined;
    if (name === 'extract') {
      const unit = this.#unit();
      reader.expect('FROM');
      args = [{ kind: 'text', value: unit, from, to: from }, this.expression()];
    } else if (name === 'trim') args = this.#trim();
    else if (name === 'timestampdiff' || name === 'timestampadd') {
      const unit = this.#unit();
      reader.expect(',');
      args = [{ kind: 'text', value: unit, from, to: from }, ...reader.list(() => this.expression())];
    } else if (!reader.is(')')) {
      args = reader.list(() => this.expression());
      if (name === 'position' && reader.accept('IN')) args.push(this.expression());
      if (/^(substr|substring|mid)$/.test(name) && reader.accept('FROM')) {
        args.push(this.expression());
        if (reader.accept('FOR')) args.push(this.expression());
      }
      if (name === 'char' && reader.accept('USING')) reader.nameOrText();
      if (reader.accept('ORDER', 'BY')) order = this.order();
      if (reader.accept('SEPARATOR')) separator = reader.text();
    }
    reader.expect(')');
    const over = reader.accept('OVER') ? this.#window() : undefined;
    return {
      kind: 'call',
      name,
      args,
      distinct,
      order,
      from,
      to: reader.last,
      ...(separator === undefined ? {} : { separator }),
      ...(over === undefined ? {} : { over }),
    };
  }

  #trim(): Expression[] {
    const { reader } = this;
    const side = reader.acceptOne('BOTH', 'LEADING', 'TRAILING');
    const { from } = reader.token;
    const marker: Expression = { kind: 'text', value: side ?? 'BOTH', from, to: from };
    if (reader.accept('FROM')) return [marker, this.expression()];
    const first = this.expression();
    return reader.accept('FROM') ? [marker, this.expression(), first] : [marker, first];
  }

  #window(): { partition: readonly Expression[]; order: readonly Order[] } {
    const { reader } = this;
    reader.expect('(');
    const partition = reader.accept('PARTITION', 'BY') ? reader.list(() => this.expression()) : [];
    const order = reader.accept('ORDER', 'BY') ? this.order() : [];
    reader.expect(')');
    return { partition, order };
  }

  order(): Order[] {
    return this.reader.list(() => {
      const by = this.expression();
      const descending = this.reader.acceptOne('ASC', 'DESC') === 'DESC';
      return { by, descending };
    });
  }
}
