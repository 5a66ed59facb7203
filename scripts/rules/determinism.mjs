// Rule 1 of the house as ESLint configuration: below the page, time and chance come from src/sim.
// ../rules.test.mjs shows it failing.

/** The files that are the world's edge to the real one, and tests, which may look at real clocks. */
const edge = ['src/app/**', 'src/world/real-time.ts', 'src/world/worker.ts', 'src/world/node/**', '**/*.test.ts'];

const clock = 'Time comes from the simulation: use clock.now, clock.setTimer or clock.sleep (src/sim/clock.ts).';
const chance = 'Chance comes from the seed: use Random (src/sim/random.ts).';
const outside = 'Nothing outside the simulation is awaited or read here; if it must be, go through clock.external.';
const place = "Depends on the machine's locale or time zone: compare with < and format from UTC.";
const globals = 'A global of the page or of Node; here it is a slip for a local name.';

const named = (names, message) => names.map((name) => ({ name, message }));
const property = (object, names, message) => names.map((name) => ({ object, property: name, message }));
const method = (names, message) => ({
  selector: `CallExpression[callee.type="MemberExpression"][callee.property.name=/^(${names.join('|')})$/]`,
  message,
});

/** Real promises wake programs behind the clock's back, so rooms get theirs from the clock. */
const promises = [
  {
    selector: 'NewExpression[callee.name="Promise"]',
    message: "Use sim's Deferred (clock.deferred) or clock.sleep, so that the clock knows something woke.",
  },
  {
    selector: 'MemberExpression[object.name="Promise"][property.name="withResolvers"]',
    message: "Use sim's Deferred (clock.deferred), so that the clock knows something woke.",
  },
];

const syntax = [
  { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: clock },
  { selector: 'CallExpression[callee.name="Date"]', message: clock },
  method(['getHours', 'getMinutes', 'getDate', 'getDay', 'getMonth', 'getFullYear', 'getTimezoneOffset'], place),
  method(['localeCompare', 'toLocaleString', 'toLocaleDateString', 'toLocaleTimeString'], place),
];

export const determinism = [
  {
    files: ['src/**/*.ts'],
    ignores: edge,
    rules: {
      'no-restricted-globals': [
        'error',
        ...named(['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'], clock),
        ...named(['requestAnimationFrame', 'requestIdleCallback', 'performance', 'scheduler'], clock),
        ...named(['crypto'], chance),
        ...named(['fetch', 'XMLHttpRequest', 'WebSocket', 'MessageChannel', 'BroadcastChannel'], outside),
        ...named(['globalThis', 'self', 'window', 'document', 'navigator', 'location', 'localStorage'], outside),
        ...named(['WeakRef', 'FinalizationRegistry'], 'When garbage is collected is chance.'),
        ...named(
          ['process', 'Buffer', 'name', 'status', 'event', 'close', 'open', 'stop', 'parent', 'origin'],
          globals,
        ),
      ],
      'no-restricted-properties': [
        'error',
        ...property('Date', ['now'], clock),
        ...property('Math', ['random'], chance),
        ...property('AbortSignal', ['timeout'], clock),
      ],
      'no-restricted-syntax': ['error', ...syntax],
    },
  },
];

export const rawPromises = [
  {
    files: ['src/{linux,containers,kubernetes,programs,cluster,lessons}/**/*.ts'],
    ignores: edge,
    rules: { 'no-restricted-syntax': ['error', ...syntax, ...promises] },
  },
];
