import type { Process } from '../../../linux/process/types';
import type { Api } from '../engine/api';
import { findProject, loadProject, type LoadOptions, type ProjectOptions } from '../load/project';
import type { Project } from '../load/types';
import type { ProgressMode } from '../progress/progress';
import type { Flags } from './parse';
import type { Warnings } from './warnings';

/** What a command is given when it runs. */
export interface Context {
  readonly process: Process;
  readonly api: Api;
  readonly options: ProjectOptions;
  readonly warnings: Warnings;
  readonly flags: Flags;
  readonly operands: readonly string[];
  readonly progress: ProgressMode;
  readonly dryRun: boolean;
  /** `--ansi never` and NO_COLOR. */
  readonly colors: boolean;
  /** `auto`, `never`, `always`. */
  readonly ansi: string;
  readonly out: (text: string) => Promise<unknown>;
  readonly error: (text: string) => Promise<unknown>;
}

/** A command of `docker compose`; the number is its exit status. */
export type Command = (context: Context) => Promise<number>;

/** Loads the project that the options mean, with its warnings printed. */
export async function projectOf(context: Context, load: LoadOptions = {}): Promise<Project> {
  const { process, options, warnings } = context;
  try {
    const found = await findProject(process, options, warnings.add, load.interpolates);
    return loadProject(found, options, load);
  } finally {
    await warnings.flush();
  }
}

/** The project if there are files, else its name alone, as `-p` gives it (projectOrName). */
export async function projectOrName(
  context: Context,
  services: readonly string[] = [],
): Promise<{ readonly project: Project | undefined; readonly name: string }> {
  const { options, process } = context;
  if (options.files.length === 0 && options.projectName !== undefined)
    return { project: undefined, name: options.projectName };
  try {
    const project = await projectOf(context, { services, resolvesEnvironment: false });
    return { project, name: project.name };
  } catch (error) {
    const variable = process.env.get('COMPOSE_PROJECT_NAME') ?? '';
    if (variable === '') throw error;
    return { project: undefined, name: variable };
  }
}
