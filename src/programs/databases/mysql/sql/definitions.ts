import type {
  Alteration,
  ColumnDefinition,
  Expression,
  KeyDefinition,
  Reference,
  Statement,
  TableElement,
} from './ast';
import type { QueryParser } from './queries';
import { SqlError, type Reader } from './reader';

/** Parses CREATE TABLE and ALTER TABLE. */
export class DefinitionParser {
  readonly reader: Reader;
  constructor(readonly queries: QueryParser) {
    this.reader = queries.reader;
  }

  /** After CREATE [TEMPORARY] TABLE. */
  createTable(temporary: boolean): Statement {
    const { reader } = this;
    const ifNotExists = reader.accept('IF', 'NOT', 'EXISTS');
    const table = this.queries.tableName();
    const base = { kind: 'create table', table, temporary, ifNotExists } as const;
    if (reader.accept('LIKE') || reader.accept('(', 'LIKE')) {
      const like = this.queries.tableName();
      reader.accept(')');
      return { ...base, elements: [], options: new Map(), like };
    }
    const elements = reader.is('(') && !reader.is('(', 'SELECT') ? reader.enclosed(() => this.element()).flat() : [];
    const options = this.options();
    reader.accept('AS');
    const query = reader.isOne('SELECT', 'WITH', '(') ? this.queries.query() : undefined;
    return { ...base, elements, options, ...(query === undefined ? {} : { query }) };
  }

  /** ENGINE=InnoDB and what else follows the parenthesis. */
  options(): Map<string, string> {
    const { reader } = this;
    const options = new Map<string, string>();
    for (;;) {
      reader.accept(',');
      reader.accept('DEFAULT');
      if (reader.accept('PARTITION', 'BY')) {
        while (reader.token.kind !== 'end' && !reader.is(';')) reader.next();
        return options;
      }
      let name: string;
      if (reader.accept('CHARACTER', 'SET') || reader.accept('CHARSET')) name = 'CHARSET';
      else {
        const word = reader.token.text.toUpperCase();
        if (
          !/^(ENGINE|TYPE|AUTO_INCREMENT|COLLATE|COMMENT|ROW_FORMAT|CHECKSUM|KEY_BLOCK_SIZE|MAX_ROWS|MIN_ROWS|AVG_ROW_LENGTH|PACK_KEYS|DELAY_KEY_WRITE|STATS_PERSISTENT|STATS_AUTO_RECALC|ENCRYPTION|ENCRYPTED|TABLESPACE|PAGE_CHECKSUM)$/.test(
            word,
          ) ||
          reader.token.kind !== 'word'
        )
          return options;
        name = word;
        reader.next();
      }
      reader.accept('=');
      options.set(name, reader.next().text);
    }
  }

  element(): TableElement[] {
    const { reader } = this;
    const name = reader.accept('CONSTRAINT')
      ? reader.isOne('PRIMARY', 'UNIQUE', 'FOREIGN', 'CHECK')
        ? undefined
        : reader.name()
      : undefined;
    const named = name === undefined ? {} : { name };
    if (reader.accept('PRIMARY', 'KEY')) return [this.#key('primary', {})];
    if (reader.accept('UNIQUE')) {
      reader.acceptOne('KEY', 'INDEX');
      return [this.#key('unique', named)];
    }
    if (reader.acceptOne('KEY', 'INDEX') !== undefined) return [this.#key('index', named)];
    if (reader.isOne('FULLTEXT', 'SPATIAL')) {
      const kind = reader.next().text.toLowerCase() as 'fulltext';
      reader.acceptOne('KEY', 'INDEX');
      return [this.#key(kind, named)];
    }
    if (reader.accept('FOREIGN', 'KEY')) {
      const own = reader.is('(') ? undefined : reader.name();
      const columns = reader.enclosed(() => reader.name());
      const references = this.#references();
      return [{ kind: 'foreign', columns, references, ...(own === undefined ? named : { name: name ?? own }) }];
    }
    if (reader.accept('CHECK')) return [{ kind: 'check', ...named, ...this.#check() }];
    return [{ kind: 'column', column: this.column() }];
  }

  #check(): { readonly expression: Expression; readonly text: string } {
    const { reader } = this;
    reader.expect('(');
    const { from } = reader.token;
    const expression = this.queries.expression();
    const text = reader.sql.slice(from, reader.last);
    reader.expect(')');
    reader.accept('ENFORCED');
    return { expression, text };
  }

  #key(kind: KeyDefinition['kind'], named: { name?: string }): TableElement {
    const { reader } = this;
    reader.accept('IF', 'NOT', 'EXISTS');
    const name = reader.isOne('(', 'USING') ? named.name : reader.name();
    if (reader.accept('USING')) reader.name();
    const columns = this.keyColumns();
    this.keyOptions();
    return { kind: 'key', key: { kind, columns, ...(name === undefined ? {} : { name }) } };
  }

  keyColumns(): KeyDefinition['columns'] {
    const { reader } = this;
    return reader.enclosed(() => {
      const name = reader.name();
      const [length] = reader.is('(') ? reader.enclosed(() => reader.number()) : [];
      const descending = reader.acceptOne('ASC', 'DESC') === 'DESC';
      return { name, descending, ...(length === undefined ? {} : { length }) };
    });
  }

  keyOptions(): void {
    const { reader } = this;
    for (;;) {
      if (reader.accept('USING')) reader.name();
      else if (reader.accept('COMMENT')) reader.text();
      else if (reader.acceptOne('VISIBLE', 'INVISIBLE') === undefined) return;
    }
  }

  #references(): Reference {
    const { reader } = this;
    reader.expect('REFERENCES');
    const table = this.queries.tableName();
    const columns = reader.is('(') ? reader.enclosed(() => reader.name()) : [];
    let reference: Reference = { table, columns };
    while (reader.accept('ON')) {
      const event = reader.acceptOne('DELETE', 'UPDATE');
      const action = reader.accept('SET', 'NULL')
        ? 'SET NULL'
        : reader.accept('NO', 'ACTION')
          ? 'NO ACTION'
          : reader.accept('SET', 'DEFAULT')
            ? 'SET DEFAULT'
            : reader.acceptOne('CASCADE', 'RESTRICT');
      if (action === undefined || event === undefined) reader.fail();
      reference = { ...reference, [event === 'DELETE' ? 'onDelete' : 'onUpdate']: action };
    }
    return reference;
  }

  column(): ColumnDefinition {
    const { reader } = this;
    const name = reader.name();
    return this.columnOf(name);
  }

  /** What follows a column's name. */
  columnOf(name: string): ColumnDefinition {
    const { reader } = this;
    const word = reader.token;
    if (word.kind !== 'word') reader.fail();
    reader.next();
    let type = synonyms[word.text.toLowerCase()] ?? word.text.toLowerCase();
    if (!types.has(type)) {
      if (reader.product === 'MariaDB') throw new SqlError(4161, 'HY000', `Unknown data type: '${word.text}'`);
      reader.fail(word);
    }
    if (type === 'double') reader.accept('PRECISION');
    if (reader.accept('VARYING')) type = 'varchar';
    let parameters = reader.is('(') ? reader.enclosed(() => reader.next().text) : [];
    if (/^bool(ean)?$/i.test(word.text)) parameters = ['1'];
    const serial = word.text.toLowerCase() === 'serial';
    let column: ColumnDefinition = {
      name,
      type,
      parameters,
      unsigned: serial,
      zerofill: false,
      nullable: serial ? false : undefined,
      increment: serial,
      onUpdate: false,
      ...(serial ? { key: 'unique' } : {}),
    };
    for (;;) {
      const more = this.#attribute();
      if (more === undefined) return column;
      column = { ...column, ...more };
    }
  }

  #attribute(): Partial<ColumnDefinition> | undefined {
    const { reader } = this;
    if (reader.accept('UNSIGNED')) return { unsigned: true };
    if (reader.accept('SIGNED')) return {};
    if (reader.accept('ZEROFILL')) return { zerofill: true, unsigned: true };
    if (reader.accept('NOT', 'NULL')) return { nullable: false };
    if (reader.accept('NULL')) return { nullable: true };
    if (reader.accept('AUTO_INCREMENT')) return { increment: true };
    if (reader.accept('PRIMARY', 'KEY') || reader.accept('KEY')) return { key: 'primary' };
    if (reader.accept('UNIQUE')) {
      reader.accept('KEY');
      return { key: 'unique' };
    }
    if (reader.accept('COMMENT')) return { comment: reader.text() };
    if (reader.accept('COLLATE')) return { collation: reader.nameOrText() };
    if (reader.accept('CHARACTER', 'SET') || reader.accept('CHARSET')) return { charset: reader.nameOrText() };
    if (reader.accept('DEFAULT')) {
      const { from } = reader.token;
      const initial = this.queries.expressions.expression();
      return { initial, initialText: reader.sql.slice(from, reader.last) };
    }
    if (reader.accept('ON', 'UPDATE')) {
      this.queries.expression();
      return { onUpdate: true };
    }
    if (reader.is('CONSTRAINT')) {
      reader.next();
      if (!reader.is('CHECK')) reader.name();
    }
    if (reader.accept('CHECK')) return { check: this.#check() };
    if (reader.is('REFERENCES')) return { references: this.#references() };
    if (reader.accept('GENERATED', 'ALWAYS', 'AS') || reader.accept('AS')) {
      const { expression, text } = this.#check();
      const stored = reader.acceptOne('STORED', 'VIRTUAL', 'PERSISTENT');
      return { generated: { expression, text, stored: stored !== undefined && stored !== 'VIRTUAL' } };
    }
    if (reader.acceptOne('INVISIBLE', 'VISIBLE') !== undefined) return {};
    return undefined;
  }

  /** After ALTER TABLE name. */
  alterations(): Alteration[] {
    return this.reader.list(() => this.#alteration()).flat();
  }

  #place(): { readonly after?: string | null } {
    if (this.reader.accept('FIRST')) return { after: null };
    return this.reader.accept('AFTER') ? { after: this.reader.name() } : {};
  }

  #alteration(): Alteration[] {
    const { reader } = this;
    if (reader.accept('ADD')) {
      reader.accept('COLUMN');
      reader.accept('IF', 'NOT', 'EXISTS');
      if (reader.is('('))
        return reader
          .enclosed(() => this.element())
          .flat()
          .map((element) => ({ kind: 'add', element }));
      return this.element().map((element) => ({ kind: 'add', element, ...this.#place() }));
    }
    if (reader.accept('DROP')) {
      const drop = (what: 'column' | 'key' | 'primary' | 'foreign' | 'check', name: string): Alteration[] => [
        { kind: 'drop', what, name },
      ];
      if (reader.accept('PRIMARY', 'KEY')) return drop('primary', 'PRIMARY');
      if (reader.accept('FOREIGN', 'KEY')) return drop('foreign', reader.name());
      if (reader.acceptOne('KEY', 'INDEX') !== undefined) return drop('key', reader.name());
      if (reader.acceptOne('CONSTRAINT', 'CHECK') !== undefined) return drop('check', reader.name());
      reader.accept('COLUMN');
      reader.accept('IF', 'EXISTS');
      return drop('column', reader.name());
    }
    if (reader.accept('MODIFY')) {
      reader.accept('COLUMN');
      const column = this.column();
      return [{ kind: 'change', name: column.name, column, ...this.#place() }];
    }
    if (reader.accept('CHANGE')) {
      reader.accept('COLUMN');
      const name = reader.name();
      return [{ kind: 'change', name, column: this.column(), ...this.#place() }];
    }
    if (reader.accept('ALTER')) {
      reader.accept('COLUMN');
      const name = reader.name();
      if (reader.accept('DROP', 'DEFAULT')) return [{ kind: 'default', name }];
      reader.expect('SET', 'DEFAULT');
      const { from } = reader.token;
      const initial = this.queries.expression();
      return [{ kind: 'default', name, initial, text: reader.sql.slice(from, reader.last) }];
    }
    if (reader.accept('RENAME')) {
      if (reader.accept('COLUMN')) {
        const name = reader.name();
        reader.expect('TO');
        return [{ kind: 'rename', what: 'column', name, to: { name: reader.name() } }];
      }
      if (reader.acceptOne('INDEX', 'KEY') !== undefined) {
        const name = reader.name();
        reader.expect('TO');
        return [{ kind: 'rename', what: 'key', name, to: { name: reader.name() } }];
      }
      reader.acceptOne('TO', 'AS');
      return [{ kind: 'rename', what: 'table', name: '', to: this.queries.tableName() }];
    }
    if (reader.accept('CONVERT', 'TO')) return [{ kind: 'options', options: this.options() }];
    const options = this.options();
    if (reader.acceptOne('DISABLE', 'ENABLE') !== undefined) reader.expect('KEYS');
    else if (options.size === 0) reader.fail();
    return [{ kind: 'options', options }];
  }
}

const synonyms: Readonly<Record<string, string>> = {
  integer: 'int',
  int4: 'int',
  int8: 'bigint',
  bool: 'tinyint',
  boolean: 'tinyint',
  dec: 'decimal',
  numeric: 'decimal',
  fixed: 'decimal',
  real: 'double',
  character: 'char',
  serial: 'bigint',
  nvarchar: 'varchar',
};
const types = new Set(
  'tinyint smallint mediumint int bigint decimal float double bit date datetime timestamp time year char varchar binary varbinary tinytext text mediumtext longtext tinyblob blob mediumblob longblob enum set json point geometry uuid inet6'.split(
    ' ',
  ),
);
