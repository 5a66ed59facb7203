/** What an awk program consists of, after parsing. */
export type Expr =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  /** `/re/`: matched against $0, or taken as a pattern where one is wanted. */
  | { readonly kind: 'regex'; readonly source: string }
  | Place
  | { readonly kind: 'assign'; readonly operator: string; readonly target: Place; readonly value: Expr }
  | { readonly kind: 'increment'; readonly by: 1 | -1; readonly prefix: boolean; readonly target: Place }
  | { readonly kind: 'unary'; readonly operator: '!' | '-' | '+'; readonly operand: Expr }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'logical'; readonly operator: '&&' | '||'; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'match'; readonly negated: boolean; readonly left: Expr; readonly pattern: Expr }
  | { readonly kind: 'conditional'; readonly test: Expr; readonly then: Expr; readonly otherwise: Expr }
  | { readonly kind: 'in'; readonly subscripts: readonly Expr[]; readonly array: Variable }
  | { readonly kind: 'group'; readonly operand: Expr }
  /** `(a, b)`: only before `in` and as the arguments of print. */
  | { readonly kind: 'list'; readonly items: readonly Expr[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expr[]; readonly line: number }
  | { readonly kind: 'builtin'; readonly name: string; readonly args: readonly Expr[]; readonly line: number }
  | {
      readonly kind: 'getline';
      readonly from: 'main' | 'file' | 'command';
      readonly source: Expr | undefined;
      readonly target: Place | undefined;
    };

export interface Variable {
  readonly kind: 'variable';
  readonly name: string;
}

/** What can be assigned to. */
export type Place =
  | Variable
  | { readonly kind: 'field'; readonly index: Expr }
  | { readonly kind: 'element'; readonly array: Variable; readonly subscripts: readonly Expr[] };

export interface Redirect {
  readonly mode: '>' | '>>' | '|';
  readonly target: Expr;
}

export type Statement =
  | { readonly kind: 'block'; readonly body: readonly Statement[] }
  | { readonly kind: 'expression'; readonly expr: Expr }
  | { readonly kind: 'print'; readonly args: readonly Expr[]; readonly redirect: Redirect | undefined }
  | { readonly kind: 'printf'; readonly args: readonly Expr[]; readonly redirect: Redirect | undefined }
  | { readonly kind: 'if'; readonly test: Expr; readonly then: Statement; readonly otherwise: Statement | undefined }
  | { readonly kind: 'while'; readonly test: Expr; readonly body: Statement }
  | { readonly kind: 'do'; readonly test: Expr; readonly body: Statement }
  | {
      readonly kind: 'for';
      readonly first: Statement | undefined;
      readonly test: Expr | undefined;
      readonly step: Statement | undefined;
      readonly body: Statement;
    }
  | { readonly kind: 'forIn'; readonly variable: Place; readonly array: Variable; readonly body: Statement }
  | {
      readonly kind: 'switch';
      readonly value: Expr;
      /** `test` is undefined for `default`. */
      readonly cases: readonly { readonly test: Expr | undefined; readonly body: readonly Statement[] }[];
    }
  | { readonly kind: 'delete'; readonly array: Variable; readonly subscripts: readonly Expr[] | undefined }
  | { readonly kind: 'break' | 'continue' | 'next' | 'nextfile' }
  | { readonly kind: 'exit' | 'return'; readonly value: Expr | undefined };

export type Pattern =
  | { readonly kind: 'BEGIN' | 'END' | 'BEGINFILE' | 'ENDFILE' | 'always' }
  | { readonly kind: 'expression'; readonly expr: Expr }
  | { readonly kind: 'range'; readonly first: Expr; readonly last: Expr };

export interface Rule {
  readonly pattern: Pattern;
  /** Undefined: print $0. */
  readonly body: readonly Statement[] | undefined;
}

export interface FunctionDefinition {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly body: readonly Statement[];
}

export interface AwkProgram {
  readonly rules: readonly Rule[];
  readonly functions: ReadonlyMap<string, FunctionDefinition>;
  /** Where the end was met. */
  readonly lines: number;
}
