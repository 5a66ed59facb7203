import * as v from 'valibot';

const stepSchema = v.object({
  title: v.string(),
  /** The Markdown file of the step, beside scenario.yaml. */
  text: v.pipe(v.string(), v.regex(/^[\w.-]+\.md$/)),
  /** Shell lines that bring the world to the step's end. Typed into the prompt for the learner, never run for them. */
  solution: v.pipe(v.string(), v.minLength(1)),
  hints: v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(3)),
  /** Small shell scripts: exit 0 passes, the last line of output is the reason shown. */
  checks: v.pipe(v.array(v.string()), v.minLength(1)),
});

const scenarioSchema = v.object({
  title: v.string(),
  track: v.string(),
  minutes: v.pipe(v.number(), v.minValue(1)),
  topology: v.string(),
  seed: v.pipe(v.number(), v.integer()),
  setup: v.optional(v.string(), ''),
  steps: v.pipe(v.array(stepSchema), v.minLength(1)),
});

/** A lesson as it stands in `scenarios/<slug>/scenario.yaml`. */
export type Scenario = v.InferOutput<typeof scenarioSchema>;
export type ScenarioStep = Scenario['steps'][number];

/** Checks the content of a scenario file, which is hostile until parsed. The error says where and what. */
export function parseScenario(document: unknown): { readonly scenario: Scenario } | { readonly error: string } {
  const result = v.safeParse(scenarioSchema, document);
  if (result.success) return { scenario: result.output };
  const [issue] = result.issues;
  return { error: `${v.getDotPath(issue) ?? 'scenario'}: ${issue.message}` };
}
