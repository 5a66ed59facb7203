import type { Process, Program } from '../../linux/process/types';
import type { AwkProgram, Rule } from './ast';
import type { Code } from './code';
import { compileExpression, compilePlace } from './expressions';
import { AwkSyntaxError, unescape } from './lexer';
import { parseProgram } from './parser';
import { Runtime } from './runtime';
import { Flow, FlowSignal, type CompiledFunction, type Scope } from './scope';
import { compileBlock, compileRule } from './statements';
import { AwkError } from './values';
import { readOptions } from './options';

/** awk(1): messages as Debian's mawk has them, functions as gawk's. */
export const awk: Program = async (process) => {
  const name = 'awk';
  const options = readOptions(process, name);
  if (typeof options !== 'object') return options;
  if ('text' in options) {
    await (options.status === 0 ? process.stdout : process.stderr).write(options.text);
    return options.status;
  }
  const runtime = new Runtime(process, name, options.operands);
  const complain = (message: string): Promise<unknown> => process.stderr.write(`${name}: ${message}\n`);
  try {
    if (options.separator !== undefined) runtime.FS.value = unescape(options.separator);
    for (const assignment of options.assignments) {
      if (!runtime.assignOperand(assignment)) {
        await complain(`improper assignment: -v ${assignment}`);
        return 2;
      }
    }
    const program = parseProgram(options.source);
    const compiled = compile(runtime, program);
    return await execute(runtime, compiled);
  } catch (error) {
    if (error instanceof AwkSyntaxError) {
      await complain(`${error.place}${error.line}: ${error.message}`);
      if (error.message === "extra '}'") await complain(`line ${error.line}: syntax error at or near end of line`);
      return 2;
    }
    if (!(error instanceof AwkError)) throw error;
    await runtime.streams.flush();
    await complain(error.atRun ? `run time error: ${error.message}\n\t${position(runtime)}` : error.message);
    return 2;
  }
};

interface Compiled {
  readonly begin: readonly Code<Flow>[];
  readonly rules: readonly Code<Flow>[];
  readonly end: readonly Code<Flow>[];
}

function compile(runtime: Runtime, program: AwkProgram): Compiled {
  const functions = new Map<string, CompiledFunction>();
  for (const [name, definition] of program.functions) functions.set(name, { definition, body: undefined });
  const scopeWith = (locals: ReadonlyMap<string, number>): Scope => {
    const scope: Scope = {
      runtime,
      functions,
      lines: program.lines,
      locals,
      expression: (expr) => compileExpression(scope, expr),
      place: (place) => compilePlace(scope, place),
    };
    return scope;
  };
  for (const compiled of functions.values()) {
    const { parameters, body } = compiled.definition;
    compiled.body = compileBlock(scopeWith(new Map(parameters.map((name, index) => [name, index]))), body);
  }
  const scope = scopeWith(new Map());
  const rules = (wanted: (rule: Rule) => boolean) =>
    program.rules.filter(wanted).map((rule) => compileRule(scope, rule));
  return {
    begin: rules(({ pattern }) => pattern.kind === 'BEGIN'),
    rules: rules(({ pattern }) => ['always', 'expression', 'range'].includes(pattern.kind)),
    end: rules(({ pattern }) => pattern.kind === 'END'),
  };
}

/** Runs rules for one record, until one leaves. */
function runRules(rules: readonly Code<Flow>[], start = 0): Flow | Promise<Flow> {
  for (let index = start; index < rules.length; index++) {
    const flow = rules[index]?.run() ?? Flow.Normal;
    if (flow instanceof Promise) {
      const next = index + 1;
      return flow.then((ended) => (ended === Flow.Normal ? runRules(rules, next) : ended));
    }
    if (flow !== Flow.Normal) return flow;
  }
  return Flow.Normal;
}

/** As `runRules`, for what a `next` or `exit` inside a function throws. */
async function settle(rules: readonly Code<Flow>[]): Promise<Flow> {
  try {
    return await runRules(rules);
  } catch (error) {
    if (error instanceof FlowSignal) return error.flow;
    throw error;
  }
}

async function execute(runtime: Runtime, { begin, rules, end }: Compiled): Promise<number> {
  let exited = (await settle(begin)) === Flow.Exit;
  if (!exited && (rules.length > 0 || end.length > 0)) exited = await records(runtime, rules);
  await settle(end);
  await runtime.streams.closeAll();
  return runtime.exitStatus;
}

/** All records through all rules; whether the program said exit. */
async function records(runtime: Runtime, rules: readonly Code<Flow>[]): Promise<boolean> {
  for (;;) {
    let flow: Flow;
    try {
      const next = runtime.nextRecord();
      const record = next instanceof Promise ? await next : next;
      if (record === undefined) return false;
      runtime.setRecord(record);
      const ran = runRules(rules);
      flow = ran instanceof Promise ? await ran : ran;
    } catch (error) {
      if (!(error instanceof FlowSignal)) throw error;
      ({ flow } = error);
    }
    if (flow === Flow.Exit) return true;
    if (flow === Flow.NextFile) runtime.nextFile();
    const tick = runtime.tick();
    if (tick !== undefined) await tick;
  }
}

const position = ({ text, FILENAME, FNR, NR }: Runtime): string =>
  `FILENAME="${text(FILENAME.value)}" FNR=${text(FNR.value)} NR=${text(NR.value)}`;

/** gawk(1) is the same program. */
export const gawk: Program = (process: Process) => awk(process);
