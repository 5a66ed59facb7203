import type { TestBinaryExpression, TestExpression } from 'unbash';
import { matches } from '../expand/pattern';
import { expandArithmetic, expandPattern, expandRegex, expandText } from '../expand/word';
import type { Shell } from '../shell';
import { binaryTest, unaryTest } from './file-tests';
import { complain } from './io';
import { compileRegex } from './regex';
import { trace } from './xtrace';

/** `[[ … ]]`: 0, 1, or 2 if a regular expression is wrong. */
export async function runConditional(shell: Shell, expression: TestExpression): Promise<number> {
  switch (expression.type) {
    case 'TestLogical':
      return logical(shell, expression.operator, expression.operands);
    case 'TestNot': {
      const status = await runConditional(shell, expression.operand);
      if (status > 1) return status;
      return (status === 0) === (expression.negations.length % 2 === 1) ? 1 : 0;
    }
    case 'TestGroup':
      return runConditional(shell, expression.expression);
    case 'TestUnary': {
      const operand = await expandText(shell, expression.operand, 'word');
      if (shell.options.has('xtrace'))
        await trace(shell, `[[ ${expression.operator} ${operand === '' ? "''" : operand} ]]`);
      return unaryTest(shell, expression.operator, operand) ? 0 : 1;
    }
    case 'TestBinary':
      return binary(shell, expression);
  }
}

async function logical(shell: Shell, operator: '&&' | '||', operands: readonly TestExpression[]): Promise<number> {
  let status = 0;
  for (const operand of operands) {
    status = await runConditional(shell, operand);
    if (status > 1 || (status === 0) === (operator === '||')) return status;
  }
  return status;
}

async function binary(shell: Shell, { operator, left, right }: TestBinaryExpression): Promise<number> {
  const text = await expandText(shell, left, 'word');
  const show = async (shown: string): Promise<void> => {
    if (shell.options.has('xtrace'))
      await trace(shell, `[[ ${text === '' ? "''" : text} ${operator} ${shown === '' ? "''" : shown} ]]`);
  };
  switch (operator) {
    case '=':
    case '==':
    case '!=': {
      const pattern = await expandPattern(shell, right);
      await show(pattern);
      const hit = matches(pattern, text, { ignoreCase: shell.options.on('nocasematch') });
      return hit === (operator !== '!=') ? 0 : 1;
    }
    case '=~': {
      const regex = await expandRegex(shell, right);
      await show(regex);
      return regexMatch(shell, text, regex);
    }
    case '-eq':
    case '-ne':
    case '-lt':
    case '-le':
    case '-gt':
    case '-ge': {
      const other = await expandText(shell, right, 'word');
      await show(other);
      const a = shell.arithmetic(await expandArithmetic(shell, text), '[[: ');
      const b = shell.arithmetic(await expandArithmetic(shell, other), '[[: ');
      return compare(operator, Number(a), Number(b)) ? 0 : 1;
    }
    default: {
      const other = await expandText(shell, right, 'word');
      await show(other);
      return binaryTest(shell, text, operator, other) ? 0 : 1;
    }
  }
}

/** `-eq` and its like. */
export function compare(operator: string, a: number, b: number): boolean {
  switch (operator) {
    case '-eq':
      return a === b;
    case '-ne':
      return a !== b;
    case '-lt':
      return a < b;
    case '-le':
      return a <= b;
    case '-gt':
      return a > b;
    default:
      return a >= b;
  }
}

async function regexMatch(shell: Shell, text: string, source: string): Promise<number> {
  const regex = compileRegex(source, shell.options.on('nocasematch'));
  if (regex === undefined) {
    if (shell.interactive) await complain(shell, `[[: invalid regular expression \`${source}'`);
    return 2;
  }
  const match = regex.exec(text);
  shell.variables.define('BASH_REMATCH', match === null ? [] : Array.from(match, (group) => group ?? ''));
  return match === null ? 1 : 0;
}
