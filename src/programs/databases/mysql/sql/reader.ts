import { tokensOf, type Token } from './tokens';

/** Thrown where SQL is wrong: MySQL's number, SQLSTATE and text. */
export class SqlError extends Error {
  constructor(
    readonly number: number,
    readonly state: string,
    message: string,
  ) {
    super(message);
  }
}

/** Reads tokens one by one, with a look ahead. */
export class Reader {
  readonly tokens: readonly Token[];
  at = 0;

  constructor(
    readonly sql: string,
    /** `MySQL` or `MariaDB`, for errors. */
    readonly product: string,
  ) {
    this.tokens = tokensOf(sql);
  }

  get token(): Token {
    return this.peek(0);
  }

  peek(ahead: number): Token {
    return this.tokens[Math.min(this.at + ahead, this.tokens.length - 1)] ?? { kind: 'end', text: '', from: 0, to: 0 };
  }

  get ended(): boolean {
    return this.token.kind === 'end';
  }

  /** Where the last token ended. */
  get last(): number {
    return this.tokens[this.at - 1]?.to ?? 0;
  }

  next(): Token {
    const { token } = this;
    this.at++;
    return token;
  }

  /** Is a keyword (in capitals) or operator here? */
  is(...words: readonly string[]): boolean {
    return words.every((word, index) => this.#isAt(index, word));
  }

  #isAt(ahead: number, word: string): boolean {
    const token = this.peek(ahead);
    return token.kind === 'word' ? token.text.toUpperCase() === word : token.kind === 'operator' && token.text === word;
  }

  isOne(...words: readonly string[]): boolean {
    return words.some((word) => this.is(word));
  }

  /** Takes these words if they are all here. */
  accept(...words: readonly string[]): boolean {
    if (!this.is(...words)) return false;
    this.at += words.length;
    return true;
  }

  /** Takes whichever of these is here. */
  acceptOne(...words: readonly string[]): string | undefined {
    const found = words.find((word) => this.is(word));
    if (found !== undefined) this.at++;
    return found;
  }

  expect(...words: readonly string[]): void {
    for (const word of words) if (!this.accept(word)) this.fail();
  }

  /** The error at the token that is not understood. */
  fail(token: Token = this.token): never {
    const near = this.sql.slice(token.from, token.from + 80);
    const line = this.sql.slice(0, token.from).split('\n').length;
    const rest = near === '' ? `''` : `'${near}'`;
    throw new SqlError(
      1064,
      '42000',
      `You have an error in your SQL syntax; check the manual that corresponds to your ${this.product} server version for the right syntax to use near ${rest} at line ${line}`,
    );
  }

  /** An identifier. */
  name(): string {
    const { token } = this;
    if (token.kind === 'name' || (token.kind === 'word' && !reserved.has(token.text.toUpperCase()))) {
      this.at++;
      return token.text;
    }
    return this.fail();
  }

  /** An identifier or a string. */
  nameOrText(): string {
    return this.token.kind === 'text' ? this.next().text : this.name();
  }

  text(): string {
    if (this.token.kind !== 'text') this.fail();
    return this.next().text;
  }

  number(): number {
    if (this.token.kind !== 'number') this.fail();
    return Number(this.next().text);
  }

  /** A list with commas. */
  list<T>(one: () => T): T[] {
    const found = [one()];
    while (this.accept(',')) found.push(one());
    return found;
  }

  /** A list in parentheses. */
  enclosed<T>(one: () => T): T[] {
    this.expect('(');
    const found = this.list(one);
    this.expect(')');
    return found;
  }
}

/** Words that cannot be names without backticks. */
const reserved = new Set(
  'ADD ALL ALTER ANALYZE AND AS ASC BEFORE BETWEEN BY CALL CASCADE CASE CHANGE CHECK COLLATE COLUMN CONSTRAINT CONVERT CREATE CROSS CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER DATABASE DATABASES DEFAULT DELETE DESC DESCRIBE DISTINCT DISTINCTROW DIV DROP ELSE EXISTS EXPLAIN FALSE FETCH FOR FORCE FOREIGN FROM FULLTEXT GRANT GROUP HAVING IF IGNORE IN INDEX INNER INSERT INTERVAL INTO IS JOIN KEY KEYS KILL LEFT LIKE LIMIT LOAD LOCALTIME LOCALTIMESTAMP LOCK MATCH MOD NATURAL NOT NULL ON OPTIMIZE OR ORDER OUTER PRIMARY PROCEDURE READ REFERENCES REGEXP RELEASE RENAME REPLACE REQUIRE RESTRICT RETURN REVOKE RIGHT RLIKE SCHEMA SCHEMAS SELECT SET SHOW SQL TABLE THEN TO TRIGGER TRUE UNION UNIQUE UNLOCK UNSIGNED UPDATE USAGE USE USING VALUES WHEN WHERE WHILE WITH WRITE XOR ZEROFILL INT INTEGER BIGINT SMALLINT TINYINT MEDIUMINT FLOAT DOUBLE DECIMAL NUMERIC CHAR VARCHAR BLOB LONGTEXT MEDIUMTEXT TINYTEXT BINARY VARBINARY'.split(
    ' ',
  ),
);
