import type {
  ArithmeticFor,
  CommandNode,
  CompoundList,
  HereDoc,
  PipelineNode,
  Redirection,
  Statement,
  SyntaxNode,
  TestExpression,
} from 'unbash';
import type { ShellFunction } from '../shell';

const STEP = 4;

/** A function as `declare -f` and `type` print it (print_cmd.c of bash). */
export function functionText({ name, body, source }: ShellFunction): string {
  const printer = new Printer(source.text);
  return `${name} () \n${printer.functionBody(body)}`;
}

/** Prints commands from their tree; words as they were written. */
class Printer {
  #indent = 0;
  #hereDocs: HereDoc[] = [];

  constructor(readonly text: string) {}

  functionBody(body: CommandNode): string {
    if (body.type === 'Redirected') {
      return `${this.functionBody(body.command)}${this.#redirects(body.redirects)}`;
    }
    const inner = body.type === 'BraceGroup' ? body.body : undefined;
    if (inner === undefined) return `{ \n${this.#within(() => this.#pad() + this.command(body))}\n}`;
    return `{ \n${this.#within(() => this.#list(inner))}\n${this.#pad()}}`;
  }

  #pad(): string {
    return ' '.repeat(this.#indent);
  }

  #within(make: () => string): string {
    this.#indent += STEP;
    const text = make();
    this.#indent -= STEP;
    return text;
  }

  #raw({ pos, end }: { readonly pos: number; readonly end: number }): string {
    // bash translates $'…' when it reads it.
    return this.text
      .slice(pos, end)
      .replace(/\$('(?:\\.|[^'\\])*')/g, (_all, quoted: string) => (/\\/.test(quoted) ? `$${quoted}` : quoted));
  }

  /** Statements, one a line, with `;` between. */
  #list({ commands }: CompoundList): string {
    const lines = commands.map((statement, index) => {
      // What follows `&` stays on its line.
      const behind = index > 0 && commands[index - 1]?.background === true;
      const text = (behind ? '' : this.#pad()) + this.#statement(statement);
      const more = index < commands.length - 1;
      const docs = this.#takeHereDocs();
      if (docs !== '') return `${text}${docs}${more ? '\n' : ''}`;
      if (statement.background === true) return more ? `${text} ` : text;
      return more ? `${text};\n` : text;
    });
    return lines.join('');
  }

  #statement({ command, background }: Statement): string {
    const text = this.#node(command);
    return background === true ? `${text} &` : text;
  }

  #node(node: Statement['command']): string {
    if (node.type !== 'AndOr') return this.#pipeline(node);
    return node.commands
      .map((command, index) => (index === 0 ? '' : ` ${node.operators[index - 1] ?? '&&'} `) + this.#pipeline(command))
      .join('');
  }

  #pipeline(node: PipelineNode): string {
    if (node.type !== 'Pipeline') return this.command(node);
    const prefix = node.prefixes
      .map((each) => (each.type === 'Negation' ? '! ' : each.posix === undefined ? 'time ' : 'time -p '))
      .join('');
    return (
      prefix +
      node.commands
        .map((command, index) => this.command(command) + (node.operators[index] === '|&' ? ' 2>&1' : ''))
        .join(' | ')
    );
  }

  command(node: CommandNode): string {
    switch (node.type) {
      case 'Command': {
        const words: string[] = [];
        const redirects: string[] = [];
        const inOrder: readonly SyntaxNode[] = [
          ...node.prefix,
          ...(node.name === undefined ? [] : [node.name]),
          ...node.suffix,
        ];
        for (const item of inOrder) {
          if (item.type === 'Word' || item.type === 'Assignment') words.push(this.#raw(item));
          else redirects.push(this.#redirect(item as Redirection));
        }
        return [...words, ...redirects].join(' ');
      }
      case 'Redirected':
        return this.command(node.command) + this.#redirects(node.redirects);
      case 'If': {
        let text = `if ${this.#inline(node.clause)}; then\n${this.#body(node.then)}`;
        let closing = `\n${this.#pad()}fi`;
        for (const elif of node.elif) {
          // bash prints elif as an if inside else.
          text += `\n${this.#pad()}else`;
          this.#indent += STEP;
          text += `\n${this.#pad()}if ${this.#inline(elif.clause)}; then\n${this.#body(elif.then)}`;
          closing = `\n${this.#pad()}fi;${closing}`;
        }
        if (node.elif.length === 0 && node.else !== undefined && !/[\n&]$/.test(text)) text += ';';
        if (node.else !== undefined) text += `\n${this.#pad()}else\n${this.#body(node.else)}`;
        this.#indent -= STEP * node.elif.length;
        return `${text}${node.elif.length > 0 ? ';' : ';'}${closing}`;
      }
      case 'While':
        return `${node.kind} ${this.#inline(node.clause)}; do\n${this.#body(node.body)};\n${this.#pad()}done`;
      case 'For': {
        const list = node.wordlist === undefined ? '' : ` in ${node.wordlist.map((word) => this.#raw(word)).join(' ')}`;
        const words = list === '' ? ' in "$@"' : list;
        return `for ${node.name.text}${words};\n${this.#pad()}do\n${this.#body(node.body)};\n${this.#pad()}done`;
      }
      case 'Select': {
        const list =
          node.wordlist === undefined ? ' in "$@"' : ` in ${node.wordlist.map((word) => this.#raw(word)).join(' ')}`;
        return `select ${node.name.text}${list};\n${this.#pad()}do\n${this.#body(node.body)};\n${this.#pad()}done`;
      }
      case 'ArithmeticFor':
        return `for ${this.#arithmeticHead(node)}\n${this.#pad()}do\n${this.#body(node.body)};\n${this.#pad()}done`;
      case 'Case': {
        const items = this.#within(() =>
          node.items
            .map((item) => {
              const patterns = item.pattern.map((word) => this.#raw(word)).join(' | ');
              return `${this.#pad()}${patterns})\n${this.#body(item.body)}\n${this.#pad()}${item.terminator ?? ';;'}`;
            })
            .join('\n'),
        );
        return `case ${this.#raw(node.word)} in \n${items}\n${this.#pad()}esac`;
      }
      case 'Subshell':
        return `( ${this.#inline(node.body)} )`;
      case 'BraceGroup':
        return `{ \n${this.#body(node.body)}\n${this.#pad()}}`;
      case 'TestCommand':
        return `[[ ${this.#test(node.expression)} ]]`;
      case 'ArithmeticCommand':
        return `((${node.body}))`;
      case 'Function': {
        const { body } = node;
        if (body.type === 'CompoundList') return '';
        return `function ${node.name.text} () \n${this.#pad()}${this.functionBody(body)}`;
      }
      case 'Coproc':
        return /^coproc\s+(?:[\w]+\s+)?[({]/.test(this.#raw(node))
          ? this.#raw(node)
          : this.#raw(node).replace(/^coproc\s+/, 'coproc COPROC ');
    }
  }

  #body(list: CompoundList): string {
    return this.#within(() => this.#list(list));
  }

  /** A list on one line, as conditions are. */
  #inline({ commands }: CompoundList): string {
    return commands
      .map((statement, index) => {
        const text = this.#statement(statement);
        return index < commands.length - 1 ? (statement.background === true ? `${text} ` : `${text}; `) : text;
      })
      .join('');
  }

  #arithmeticHead(node: ArithmeticFor): string {
    const open = this.text.indexOf('((', node.pos);
    const close = this.text.indexOf('))', open);
    const parts = this.text.slice(open + 2, close).split(';');
    return `((${parts.map((part, index) => (index === 0 ? part.trim() : ` ${part.trim()}`)).join(';')}))`;
  }

  #test(expression: TestExpression): string {
    switch (expression.type) {
      case 'TestUnary':
        return `${expression.operator} ${this.#raw(expression.operand)}`;
      case 'TestBinary':
        return `${this.#raw(expression.left)} ${expression.operator} ${this.#raw(expression.right)}`;
      case 'TestNot':
        return `${'! '.repeat(expression.negations.length)}${this.#test(expression.operand)}`;
      case 'TestGroup':
        return `( ${this.#test(expression.expression)} )`;
      case 'TestLogical':
        return expression.operands.map((operand) => this.#test(operand)).join(` ${expression.operator} `);
    }
  }

  #redirects(redirects: readonly Redirection[]): string {
    return redirects.map((redirect) => ` ${this.#redirect(redirect)}`).join('');
  }

  #redirect(redirect: Redirection): string {
    const fd = redirect.descriptor === undefined ? '' : this.#raw(redirect.descriptor);
    if (redirect.type === 'HereDoc') {
      this.#hereDocs.push(redirect);
      return `${fd}${redirect.operator}${redirect.delimiter?.text ?? ''}`;
    }
    const target = redirect.target === undefined ? '' : this.#raw(redirect.target);
    const duplicates = redirect.operator === '>&' || redirect.operator === '<&';
    if (duplicates && fd === '') return `${redirect.operator === '>&' ? '1' : '0'}${redirect.operator}${target}`;
    return duplicates ? `${fd}${redirect.operator}${target}` : `${fd}${redirect.operator} ${target}`;
  }

  #takeHereDocs(): string {
    const docs = this.#hereDocs.map(({ body, delimiter }) => `\n${body.text}${delimiter?.value ?? ''}\n`);
    this.#hereDocs = [];
    return docs.join('');
  }
}
