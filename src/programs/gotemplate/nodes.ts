/** The syntax tree (text/template/parse). Every node knows where it began, for messages. */
export type Node = TextNode | ActionNode | IfNode | RangeNode | WithNode | TemplateNode | BreakNode | ContinueNode;

export interface TextNode {
  readonly kind: 'text';
  readonly text: string;
}
export interface ActionNode {
  readonly kind: 'action';
  readonly pipe: Pipe;
}
interface Branch {
  readonly pipe: Pipe;
  readonly body: readonly Node[];
  readonly otherwise: readonly Node[] | undefined;
}
export interface IfNode extends Branch {
  readonly kind: 'if';
}
export interface RangeNode extends Branch {
  readonly kind: 'range';
}
export interface WithNode extends Branch {
  readonly kind: 'with';
}
export interface TemplateNode {
  readonly kind: 'template';
  readonly at: number;
  readonly name: string;
  readonly pipe: Pipe | undefined;
}
export interface BreakNode {
  readonly kind: 'break';
}
export interface ContinueNode {
  readonly kind: 'continue';
}

export interface Pipe {
  readonly at: number;
  readonly declares: readonly string[];
  readonly assigns: boolean;
  readonly commands: readonly Command[];
}

export interface Command {
  readonly at: number;
  readonly operands: readonly [Operand, ...Operand[]];
}

export type Operand =
  | { readonly kind: 'dot'; readonly at: number }
  | { readonly kind: 'nil'; readonly at: number }
  | { readonly kind: 'field'; readonly at: number; readonly path: readonly string[] }
  | { readonly kind: 'variable'; readonly at: number; readonly path: readonly [string, ...string[]] }
  | { readonly kind: 'identifier'; readonly at: number; readonly name: string }
  | {
      readonly kind: 'literal';
      readonly at: number;
      readonly value: string | number | bigint | boolean;
      readonly text: string;
    }
  | { readonly kind: 'pipe'; readonly at: number; readonly pipe: Pipe }
  | { readonly kind: 'chain'; readonly at: number; readonly on: Operand; readonly path: readonly string[] };

/** A node as Go prints it in `at <…>`. */
export function operandText(operand: Operand): string {
  switch (operand.kind) {
    case 'dot':
      return '.';
    case 'nil':
      return 'nil';
    case 'field':
      return `.${operand.path.join('.')}`;
    case 'variable':
      return operand.path.join('.');
    case 'identifier':
      return operand.name;
    case 'literal':
      return operand.text;
    case 'pipe':
      return `(${pipeText(operand.pipe)})`;
    case 'chain':
      return `${operandText(operand.on)}.${operand.path.join('.')}`;
  }
}

export function pipeText({ declares, assigns, commands }: Pipe): string {
  const head = declares.length > 0 ? `${declares.join(', ')} ${assigns ? '=' : ':='} ` : '';
  return head + commands.map(commandText).join(' | ');
}

export const commandText = ({ operands }: Command): string => operands.map(operandText).join(' ');
