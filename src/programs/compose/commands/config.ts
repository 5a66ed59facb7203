import { projectOf, type Command, type Context } from '../cli/context';
import { ComposeError } from '../cli/error';
import { findImage } from '../engine/images';
import { imageOf } from '../engine/names';
import { checkContainerNames } from '../load/check';
import { emitYaml } from '../load/emit';
import { serviceHash } from '../load/hash';
import { goJson, projectJson, projectYaml, sorted } from '../load/print';
import { findProject, loadTree, type LoadOptions } from '../load/project';
import { variablesIn, type Variable } from '../load/template';
import type { Project, Service } from '../load/types';
import { dictAt, type Dict, type Value } from '../load/value';
import { tabulate } from './table';

export const config: Command = async (context) => {
  const { flags, out } = context;
  const load: LoadOptions = {
    interpolates: !flags.on('no-interpolate'),
    resolvesPaths: !flags.on('no-path-resolution'),
    normalizes: !flags.on('no-normalize') && !context.options.compatibility,
    checks: !flags.on('no-consistency'),
    resolvesEnvironment: !flags.on('no-env-resolution'),
  };
  const print = (text: string): Promise<unknown> => (flags.on('quiet') ? Promise.resolve() : out(text));
  const lines = (names: readonly string[]): Promise<unknown> => print(names.map((name) => `${name}\n`).join(''));
  const project = (services: readonly string[] = []): Promise<Project> =>
    projectOf(context, { ...load, services, resolvesEnvironment: false });
  if (flags.on('services')) {
    if (load.interpolates === false) await lines(Object.keys(dictAt(await tree(context, load), 'services')).sort());
    else await lines(inOrder(await project()));
  } else if (flags.on('volumes')) await lines(Object.keys((await project()).volumes));
  else if (flags.on('networks')) await lines(Object.keys((await project()).networks));
  else if (flags.on('models')) await lines(Object.values((await project()).models).map(({ model }) => model));
  else if (flags.text('hash') !== '') await hashes(context, await project(), print);
  else if (flags.on('profiles')) await lines(profilesOf(await project(context.operands)));
  else if (flags.on('images')) {
    const { operands } = context;
    const found = await project(operands);
    await lines(Object.entries(found.services).map(([name, service]) => imageOf(found, name, service)));
  } else if (flags.on('variables')) await variables(context, load, print);
  else if (flags.on('environment')) {
    const { environment } = await projectOf(context, { ...load, services: context.operands });
    await lines([...environment].map(([key, value]) => `${key}=${value}`).sort());
  } else await whole(context, load);
  return 0;
};

async function tree(context: Context, load: LoadOptions): Promise<Dict> {
  const { process, options, warnings } = context;
  try {
    return loadTree(await findProject(process, options, warnings.add, load.interpolates), load);
  } finally {
    await warnings.flush();
  }
}

/** Services after those that they need, as upstream walks them. */
function inOrder({ services }: Project): readonly string[] {
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name) || !(name in services)) return;
    for (const other of Object.keys(services[name]?.depends_on ?? {})) visit(other);
    seen.add(name);
  };
  Object.keys(services).forEach(visit);
  return [...seen];
}

function profilesOf(project: Project): readonly string[] {
  const all = [...Object.values(project.services), ...Object.values(project.disabled)];
  return [...new Set(all.flatMap(({ profiles = [] }) => profiles))].sort();
}

async function hashes({ flags }: Context, project: Project, print: (text: string) => Promise<unknown>): Promise<void> {
  const wanted = flags.text('hash') === '*' ? Object.keys(project.services) : flags.text('hash').split(',');
  for (const name of [...wanted].sort()) {
    const service = project.services[name];
    if (service === undefined) throw new ComposeError(`no such service: ${name}: not found`);
    await print(`${name} ${serviceHash(service)}\n`);
  }
}

async function variables(
  context: Context,
  load: LoadOptions,
  print: (text: string) => Promise<unknown>,
): Promise<void> {
  const found = new Map<string, Variable>();
  const walk = (value: Value): void => {
    if (typeof value === 'string') for (const variable of variablesIn(value)) found.set(variable.name, variable);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(walk);
  };
  walk(await tree(context, { ...load, interpolates: false }));
  const rows = [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  if (context.flags.text('format') === 'json') {
    const each = rows.map(({ name, required, defaultValue, alternate }) => [
      name,
      { Name: name, DefaultValue: defaultValue, PresenceValue: alternate, Required: required },
    ]);
    await print(goJson(Object.fromEntries(each)));
    return;
  }
  await print(
    tabulate(
      [
        ['NAME', 'REQUIRED', 'DEFAULT VALUE', 'ALTERNATE VALUE'],
        ...rows.map(({ name, required, defaultValue, alternate }) => [name, String(required), defaultValue, alternate]),
      ],
      20,
    ),
  );
}

async function whole(context: Context, load: LoadOptions): Promise<void> {
  const { flags, operands, out, process, api } = context;
  const format = flags.text('format') || 'yaml';
  if (format !== 'yaml' && format !== 'json') throw new ComposeError(`unsupported format ${JSON.stringify(format)}`);
  let text: string;
  if (load.interpolates === false) {
    const model = sorted(await tree(context, load));
    text = format === 'json' ? goJson(model, 2) : emitYaml(model);
  } else {
    let project = await projectOf(context, { ...load, services: operands });
    if (load.checks !== false) checkContainerNames(project);
    if (flags.on('resolve-image-digests') || flags.on('lock-image-digests')) {
      const services: Record<string, Service> = {};
      for (const [name, service] of Object.entries(project.services)) {
        if (service.image === undefined) continue;
        const digest = await digestOf(service.image);
        const image = digest === undefined ? service.image : `${service.image.replace(/@.*$/, '')}@${digest}`;
        services[name] = flags.on('lock-image-digests') ? { image } : { ...service, image };
      }
      project = flags.on('lock-image-digests')
        ? { ...project, name: '', services, networks: {}, volumes: {}, secrets: {}, configs: {}, extensions: {} }
        : { ...project, services: { ...project.services, ...services } };
    }
    // What is printed may be read again, when dollars would mean variables.
    text = (format === 'json' ? projectJson(project) : projectYaml(project)).replaceAll('$', '$$$$');
  }
  if (flags.on('quiet')) return;
  const file = flags.text('output');
  if (file === '') {
    await out(text);
    return;
  }
  const written = process.fs.writeFile(file.startsWith('/') ? file : `${process.cwd}/${file}`, text, 0o666);
  if (!written.ok) throw new ComposeError(`open ${file}: ${written.error.message.toLowerCase()}`);

  async function digestOf(image: string): Promise<string | undefined> {
    const found = (await findImage(api, image)) as { RepoDigests?: readonly string[] } | undefined;
    return found?.RepoDigests?.[0]?.split('@')[1];
  }
}
