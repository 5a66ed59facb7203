import { parseScenario, type Scenario } from './scenario';

/** What the build makes of `scenarios/<slug>/scenario.yaml`: its content, and each step's Markdown as HTML. */
export interface ScenarioModule {
  readonly document: unknown;
  readonly html: Readonly<Record<string, string>>;
}

export interface Lesson {
  readonly slug: string;
  readonly scenario: Scenario;
  /** HTML by the name of the step's Markdown file. */
  readonly html: Readonly<Record<string, string>>;
}

const modules = import.meta.glob<ScenarioModule>('../../scenarios/*/scenario.yaml', { eager: true, import: 'default' });

/** All lessons that parse, by folder name. A broken one is left out, and a test says which. */
export const lessons: ReadonlyMap<string, Lesson> = new Map(
  Object.entries(modules).flatMap(([path, { document, html }]) => {
    const slug = path.split('/').at(-2) ?? '';
    const parsed = parseScenario(document);
    return 'scenario' in parsed ? [[slug, { slug, scenario: parsed.scenario, html }] as const] : [];
  }),
);

/** Why lessons are missing from `lessons`, by folder name. */
export const brokenLessons: ReadonlyMap<string, string> = new Map(
  Object.entries(modules).flatMap(([path, { document }]) => {
    const parsed = parseScenario(document);
    return 'error' in parsed ? [[path.split('/').at(-2) ?? '', parsed.error] as const] : [];
  }),
);
