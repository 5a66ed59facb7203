/** What was parsed. Every expression knows where it stood: its text is the name of a column that has no alias. */
export type Expression = { readonly from: number; readonly to: number } & (
  | { readonly kind: 'text' | 'integer' | 'decimal' | 'double' | 'hex'; readonly value: string }
  | { readonly kind: 'null' | 'star' | 'default' }
  | { readonly kind: 'truth'; readonly value: boolean }
  | { readonly kind: 'column'; readonly database?: string; readonly table?: string; readonly name: string }
  | { readonly kind: 'all'; readonly table: string }
  | Call
  | { readonly kind: 'unary'; readonly operator: '-' | '+' | '!' | '~'; readonly operand: Expression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | {
      readonly kind: 'is';
      readonly operand: Expression;
      readonly what: 'null' | 'true' | 'false';
      readonly not: boolean;
    }
  | {
      readonly kind: 'in';
      readonly operand: Expression;
      readonly list: readonly Expression[] | Query;
      readonly not: boolean;
    }
  | {
      readonly kind: 'between';
      readonly operand: Expression;
      readonly low: Expression;
      readonly high: Expression;
      readonly not: boolean;
    }
  | {
      readonly kind: 'like' | 'regexp';
      readonly operand: Expression;
      readonly pattern: Expression;
      readonly escape?: string;
      readonly not: boolean;
    }
  | {
      readonly kind: 'case';
      readonly operand?: Expression;
      readonly branches: readonly { readonly when: Expression; readonly then: Expression }[];
      readonly otherwise?: Expression;
    }
  | { readonly kind: 'cast'; readonly operand: Expression; readonly type: string; readonly scale?: number }
  | { readonly kind: 'interval'; readonly amount: Expression; readonly unit: string }
  | { readonly kind: 'exists' | 'query'; readonly query: Query }
  | { readonly kind: 'row'; readonly items: readonly Expression[] }
  | { readonly kind: 'user'; readonly name: string; readonly set?: Expression }
  | { readonly kind: 'system'; readonly name: string }
);

export interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expression[];
  readonly distinct: boolean;
  readonly order: readonly Order[];
  readonly separator?: string;
  readonly over?: { readonly partition: readonly Expression[]; readonly order: readonly Order[] };
  readonly from: number;
  readonly to: number;
}

export interface Order {
  readonly by: Expression;
  readonly descending: boolean;
}

export interface Item {
  readonly expression: Expression;
  readonly alias?: string;
}

export type Source =
  | { readonly kind: 'table'; readonly database?: string; readonly name: string; readonly alias?: string }
  | { readonly kind: 'derived'; readonly query: Query; readonly alias: string }
  | {
      readonly kind: 'join';
      readonly type: 'inner' | 'left' | 'right' | 'cross';
      readonly left: Source;
      readonly right: Source;
      readonly on?: Expression;
      readonly using?: readonly string[] | 'natural';
    };

export interface Select {
  readonly kind: 'select';
  readonly distinct: boolean;
  readonly items: readonly Item[];
  readonly source?: Source;
  readonly where?: Expression;
  readonly group: readonly Expression[];
  readonly rollup: boolean;
  readonly having?: Expression;
}

export interface Query {
  readonly with: readonly { readonly name: string; readonly columns: readonly string[]; readonly query: Query }[];
  readonly recursive: boolean;
  /** One, or several with what joins each to those before. */
  readonly parts: readonly { readonly select: Select | Query; readonly union?: string }[];
  readonly order: readonly Order[];
  readonly limit?: Limit;
  readonly lock: boolean;
}

export interface Limit {
  readonly count: Expression;
  readonly offset?: Expression;
}

export interface TableName {
  readonly database?: string;
  readonly name: string;
}

export interface Assignment {
  readonly column: string;
  readonly table?: string;
  readonly value: Expression;
}

export interface ColumnDefinition {
  readonly name: string;
  /** `int`, `varchar`, … as MySQL names it. */
  readonly type: string;
  /** What stands in the parentheses: length, precision and scale, values of an enumeration. */
  readonly parameters: readonly string[];
  readonly unsigned: boolean;
  readonly zerofill: boolean;
  readonly nullable: boolean | undefined;
  readonly increment: boolean;
  readonly initial?: Expression;
  readonly initialText?: string;
  readonly onUpdate: boolean;
  readonly comment?: string;
  readonly key?: 'primary' | 'unique';
  readonly check?: { readonly expression: Expression; readonly text: string };
  readonly references?: Reference;
  readonly generated?: { readonly expression: Expression; readonly text: string; readonly stored: boolean };
  readonly collation?: string;
  readonly charset?: string;
}

export interface Reference {
  readonly table: TableName;
  readonly columns: readonly string[];
  readonly onDelete?: string;
  readonly onUpdate?: string;
}

export interface KeyDefinition {
  readonly kind: 'primary' | 'unique' | 'index' | 'fulltext' | 'spatial';
  readonly name?: string;
  readonly columns: readonly { readonly name: string; readonly length?: number; readonly descending?: boolean }[];
}

export type TableElement =
  | { readonly kind: 'column'; readonly column: ColumnDefinition }
  | { readonly kind: 'key'; readonly key: KeyDefinition }
  | {
      readonly kind: 'foreign';
      readonly name?: string;
      readonly columns: readonly string[];
      readonly references: Reference;
    }
  | { readonly kind: 'check'; readonly name?: string; readonly expression: Expression; readonly text: string };

export type Alteration =
  | { readonly kind: 'add'; readonly element: TableElement; readonly after?: string | null }
  | {
      readonly kind: 'change';
      readonly name: string;
      readonly column: ColumnDefinition;
      readonly after?: string | null;
    }
  | { readonly kind: 'default'; readonly name: string; readonly initial?: Expression; readonly text?: string }
  | { readonly kind: 'drop'; readonly what: 'column' | 'key' | 'primary' | 'foreign' | 'check'; readonly name: string }
  | {
      readonly kind: 'rename';
      readonly what: 'table' | 'column' | 'key';
      readonly name: string;
      readonly to: TableName;
    }
  | { readonly kind: 'options'; readonly options: ReadonlyMap<string, string> };

export interface Account {
  readonly user: string;
  readonly host: string;
}

export type Statement =
  | { readonly kind: 'query'; readonly query: Query }
  | {
      readonly kind: 'insert';
      readonly table: TableName;
      readonly replace: boolean;
      readonly ignore: boolean;
      readonly columns: readonly string[] | undefined;
      readonly rows?: readonly (readonly Expression[])[];
      readonly query?: Query;
      readonly update: readonly Assignment[];
      /** The name that VALUES has in ON DUPLICATE KEY UPDATE. */
      readonly alias?: string;
      readonly returning?: readonly Item[];
    }
  | {
      readonly kind: 'update';
      readonly source: Source;
      readonly set: readonly Assignment[];
      readonly where?: Expression;
      readonly order: readonly Order[];
      readonly limit?: Limit;
    }
  | {
      readonly kind: 'delete';
      readonly source: Source;
      readonly targets: readonly string[];
      readonly where?: Expression;
      readonly order: readonly Order[];
      readonly limit?: Limit;
    }
  | { readonly kind: 'truncate'; readonly table: TableName }
  | {
      readonly kind: 'create table';
      readonly table: TableName;
      readonly temporary: boolean;
      readonly ifNotExists: boolean;
      readonly elements: readonly TableElement[];
      readonly options: ReadonlyMap<string, string>;
      readonly like?: TableName;
      readonly query?: Query;
    }
  | { readonly kind: 'alter table'; readonly table: TableName; readonly alterations: readonly Alteration[] }
  | {
      readonly kind: 'drop';
      readonly what: 'table' | 'view';
      readonly tables: readonly TableName[];
      readonly ifExists: boolean;
    }
  | { readonly kind: 'rename'; readonly pairs: readonly (readonly [TableName, TableName])[] }
  | {
      readonly kind: 'create view';
      readonly view: TableName;
      readonly replace: boolean;
      readonly columns: readonly string[];
      readonly query: Query;
      readonly text: string;
    }
  | {
      readonly kind: 'create database' | 'alter database';
      readonly name: string;
      readonly ifNotExists: boolean;
      readonly options: ReadonlyMap<string, string>;
    }
  | { readonly kind: 'drop database'; readonly name: string; readonly ifExists: boolean }
  | { readonly kind: 'use'; readonly name: string }
  | {
      readonly kind: 'show';
      readonly what: string;
      readonly full: boolean;
      readonly name?: TableName;
      readonly database?: string;
      readonly like?: string;
      readonly where?: Expression;
      readonly account?: Account;
    }
  | { readonly kind: 'explain'; readonly statement: Statement }
  | {
      readonly kind: 'set';
      readonly assignments: readonly { readonly scope: string; readonly name: string; readonly value: Expression }[];
    }
  | { readonly kind: 'transaction'; readonly what: 'begin' | 'commit' | 'rollback'; readonly savepoint?: string }
  | { readonly kind: 'savepoint' | 'release'; readonly name: string }
  | {
      readonly kind: 'create user' | 'alter user';
      readonly accounts: readonly { readonly account: Account; readonly password?: string }[];
      readonly conditional: boolean;
    }
  | { readonly kind: 'drop user'; readonly accounts: readonly Account[]; readonly ifExists: boolean }
  | { readonly kind: 'set password'; readonly account?: Account; readonly password: string }
  | {
      readonly kind: 'grant' | 'revoke';
      readonly privileges: readonly string[];
      readonly database: string;
      readonly table: string;
      readonly accounts: readonly { readonly account: Account; readonly password?: string }[];
      readonly option: boolean;
    }
  | { readonly kind: 'prepare'; readonly name: string; readonly from: Expression }
  | { readonly kind: 'execute'; readonly name: string; readonly using: readonly Expression[] }
  | { readonly kind: 'kill'; readonly id: number }
  | { readonly kind: 'check'; readonly what: string; readonly tables: readonly TableName[] }
  | { readonly kind: 'nothing' | 'shutdown' };
