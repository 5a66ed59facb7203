import type { Pattern, Redirect, Rule, Statement } from './ast';
import { all, constant, map, map2, pure, chain, waiting, type Code, type Maybe } from './code';
import { compare, conditionOf, elements, regexOf, subscriptOf, textOf } from './expressions';
import { sprintf } from './format';
import { cellOf, Flow, type Scope } from './scope';
import { toBoolean, toNumber, type Value } from './values';

const nothing: Code<Flow> = constant(Flow.Normal);

/** Statements one after the other, until one leaves. */
export function compileBlock(scope: Scope, statements: readonly Statement[]): Code<Flow> {
  return sequence(statements.map((statement) => compileStatement(scope, statement)));
}

function sequence(codes: readonly Code<Flow>[]): Code<Flow> {
  const [only] = codes;
  if (only === undefined) return nothing;
  if (codes.length === 1) return only;
  const from = (start: number): Maybe<Flow> => {
    for (let index = start; index < codes.length; index++) {
      const flow = codes[index]?.run() ?? Flow.Normal;
      if (flow instanceof Promise) {
        const next = index + 1;
        return flow.then((ended) => (ended === Flow.Normal ? from(next) : ended));
      }
      if (flow !== Flow.Normal) return flow;
    }
    return Flow.Normal;
  };
  return { waits: codes.some(({ waits }) => waits), run: () => from(0) };
}

function compileStatement(scope: Scope, statement: Statement): Code<Flow> {
  const { runtime } = scope;
  switch (statement.kind) {
    case 'block':
      return compileBlock(scope, statement.body);
    case 'expression':
      return map(scope.expression(statement.expr), () => Flow.Normal);
    case 'print':
      return print(scope, statement);
    case 'printf': {
      const [format, ...args] = statement.args;
      if (format === undefined) return nothing;
      const values = all(args.map((arg) => scope.expression(arg)));
      const text = map2(textOf(scope, format), values, (pattern, given) =>
        sprintf(pattern, given, runtime.text, 'printf'),
      );
      return output(scope, text, statement.redirect);
    }
    case 'if': {
      const test = conditionOf(scope, statement.test);
      const yes = compileStatement(scope, statement.then);
      const no = statement.otherwise === undefined ? nothing : compileStatement(scope, statement.otherwise);
      return {
        waits: test.waits || yes.waits || no.waits,
        run: () => chain(test.run(), (value) => (value ? yes.run() : no.run())),
      };
    }
    case 'while':
      return loop(scope, conditionOf(scope, statement.test), compileStatement(scope, statement.body), nothing, true);
    case 'do':
      return loop(scope, conditionOf(scope, statement.test), compileStatement(scope, statement.body), nothing, false);
    case 'for': {
      const { first, test, step, body } = statement;
      const looped = loop(
        scope,
        test === undefined ? constant(true) : conditionOf(scope, test),
        compileStatement(scope, body),
        step === undefined ? nothing : compileStatement(scope, step),
        true,
      );
      return first === undefined ? looped : sequence([compileStatement(scope, first), looped]);
    }
    case 'forIn': {
      const { key, set } = scope.place(statement.variable);
      const cell = cellOf(scope, statement.array);
      const body = compileStatement(scope, statement.body);
      return waiting(() => {
        const keys = [...elements(cell, statement.array).keys()];
        let index = -1;
        const test = waiting(() => {
          if (++index >= keys.length) return false;
          return chain(key.run(), (at) => (set(at, keys[index]), true));
        });
        return loop(scope, test, body, nothing, true).run();
      });
    }
    case 'switch':
      return switchOf(scope, statement);
    case 'delete': {
      const cell = cellOf(scope, statement.array);
      if (statement.subscripts === undefined) {
        return pure(() => (elements(cell, statement.array).clear(), Flow.Normal));
      }
      return map(subscriptOf(scope, statement.subscripts), (key) => {
        elements(cell, statement.array).delete(key);
        return Flow.Normal;
      });
    }
    case 'break':
      return constant(Flow.Break);
    case 'continue':
      return constant(Flow.Continue);
    case 'next':
      return constant(Flow.Next);
    case 'nextfile':
      return constant(Flow.NextFile);
    case 'exit':
      if (statement.value === undefined) return constant(Flow.Exit);
      return map(scope.expression(statement.value), (value) => {
        runtime.exitStatus = toNumber(value) & 255;
        return Flow.Exit;
      });
    case 'return':
      if (statement.value === undefined) return constant(Flow.Return);
      return map(scope.expression(statement.value), (value) => {
        runtime.returned = value;
        return Flow.Return;
      });
  }
}

/** All loops: runs as long as it can without waiting, then goes on with it. */
function loop(scope: Scope, test: Code<boolean>, body: Code<Flow>, step: Code<Flow>, testFirst: boolean): Code<Flow> {
  const { runtime } = scope;
  const after = (flow: Flow): Flow | undefined =>
    flow === Flow.Break ? Flow.Normal : flow === Flow.Normal || flow === Flow.Continue ? undefined : flow;
  /** Goes on from where a promise was met: `phase` says what it is the result of. */
  const slow = async (phase: 'test' | 'body' | 'step' | 'tick', pending: Promise<unknown>): Promise<Flow> => {
    let at = phase;
    let value: unknown = await pending;
    for (;;) {
      if (at === 'test') {
        if (value !== true) return Flow.Normal;
        const flow = body.run();
        value = flow instanceof Promise ? await flow : flow;
        at = 'body';
      }
      if (at === 'body') {
        const ended = after(value as Flow);
        if (ended !== undefined) return ended;
        const flow = step.run();
        if (flow instanceof Promise) await flow;
        at = 'step';
      }
      if (at === 'step') {
        const tick = runtime.tick();
        if (tick !== undefined) await tick;
      }
      const tested = test.run();
      value = tested instanceof Promise ? await tested : tested;
      at = 'test';
    }
  };
  return waiting(() => {
    let first = !testFirst;
    for (;;) {
      if (!first) {
        const tested = test.run();
        if (tested instanceof Promise) return slow('test', tested);
        if (!tested) return Flow.Normal;
      }
      first = false;
      const flow = body.run();
      if (flow instanceof Promise) return slow('body', flow);
      const ended = after(flow);
      if (ended !== undefined) return ended;
      const stepped = step.run();
      if (stepped instanceof Promise) return slow('step', stepped);
      const tick = runtime.tick();
      if (tick !== undefined) return slow('tick', tick);
    }
  });
}

function print(scope: Scope, statement: Extract<Statement, { kind: 'print' }>): Code<Flow> {
  const { runtime } = scope;
  const end = () => runtime.text(runtime.ORS.value);
  const [first, second] = statement.args;
  let text: Code<string>;
  if (first === undefined) text = pure(() => runtime.record + end());
  else if (second === undefined) {
    text = map(scope.expression(first), (value) => runtime.outputText(value) + end());
  } else {
    text = map(all(statement.args.map((arg) => scope.expression(arg))), (values) => {
      return values.map(runtime.outputText).join(runtime.text(runtime.OFS.value)) + end();
    });
  }
  return output(scope, text, statement.redirect);
}

function output(scope: Scope, text: Code<string>, redirect: Redirect | undefined): Code<Flow> {
  const { runtime } = scope;
  const { stdout } = runtime.streams;
  const written = (result: Maybe<void> | undefined): Maybe<Flow> =>
    result instanceof Promise ? result.then(() => Flow.Normal) : Flow.Normal;
  if (redirect === undefined) {
    return waiting(() => chain(text.run(), (line) => written(stdout.write(line))));
  }
  const target = textOf(scope, redirect.target);
  return waiting(() =>
    chain(text.run(), (line) =>
      chain(target.run(), (name) =>
        chain(runtime.streams.sink(redirect.mode, name), (sink) => written(sink.write(line))),
      ),
    ),
  );
}

function switchOf(scope: Scope, statement: Extract<Statement, { kind: 'switch' }>): Code<Flow> {
  const { runtime } = scope;
  const value = scope.expression(statement.value);
  const cases = statement.cases.map(({ test, body }) => ({
    isDefault: test === undefined,
    regex: test?.kind === 'regex' ? regexOf(scope, test) : undefined,
    value: test === undefined || test.kind === 'regex' ? undefined : scope.expression(test),
    body: compileBlock(scope, body),
  }));
  const run = async (given: Value): Promise<Flow> => {
    let start = -1;
    for (const [index, one] of cases.entries()) {
      const regex = await one.regex?.run();
      const matches =
        regex?.test(runtime.text(given)) ??
        (one.value !== undefined && compare(given, await one.value.run(), runtime.text) === 0);
      if (!matches) continue;
      start = index;
      break;
    }
    if (start < 0) start = cases.findIndex(({ isDefault }) => isDefault);
    if (start < 0) return Flow.Normal;
    for (const { body } of cases.slice(start)) {
      const flow = await body.run();
      if (flow === Flow.Break) return Flow.Normal;
      if (flow !== Flow.Normal) return flow;
    }
    return Flow.Normal;
  };
  return waiting(() => chain(value.run(), run));
}

/** A rule for records: whether its pattern holds, and then its body. */
export function compileRule(scope: Scope, rule: Rule): Code<Flow> {
  const body =
    rule.body === undefined
      ? print(scope, { kind: 'print', args: [], redirect: undefined })
      : compileBlock(scope, rule.body);
  const holds = compilePattern(scope, rule.pattern);
  if (holds === undefined) return body;
  return waiting(() => chain(holds.run(), (yes) => (yes ? body.run() : Flow.Normal)));
}

function compilePattern(scope: Scope, pattern: Pattern): Code<boolean> | undefined {
  if (pattern.kind === 'expression') return map(scope.expression(pattern.expr), toBoolean);
  if (pattern.kind !== 'range') return undefined;
  const [first, last] = [conditionOf(scope, pattern.first), conditionOf(scope, pattern.last)];
  let inside = false;
  return waiting(() =>
    chain(inside || first.run(), (begins) => {
      if (!begins) return false;
      inside = true;
      return chain(last.run(), (ends) => {
        if (ends) inside = false;
        return true;
      });
    }),
  );
}
