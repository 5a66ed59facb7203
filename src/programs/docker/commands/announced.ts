import { CommandError, nameOf, type Command, type Group } from '../cli/command';

/** What upstream lists and we do not have yet: it is listed, and says so when called. An entry goes when its command comes. */
const missing: Readonly<Record<string, string>> = {
  '': `
    build | Build an image from a Dockerfile
    bake | Build from a file
    builder/ | Manage builds
    buildx/ | Docker Buildx
    compose/ | Docker Compose
    trust/ | Manage trust on Docker images`,
  image: `
    build | Build an image from a Dockerfile`,
};

/** A group's commands, and those that are only announced. */
export function announced(group: string, present: readonly (Command | Group)[]): readonly (Command | Group)[] {
  const have = new Set(present.map(nameOf));
  const rest = (missing[group] ?? '')
    .split('\n')
    .map((line) => line.trim().split(' | '))
    .filter(([name = '']) => name !== '' && !have.has(name.replace('/', '')))
    .map(([name = '', short = '']): Command | Group =>
      name.endsWith('/') ? groupOf(name.slice(0, -1), short) : commandOf(name, short),
    );
  return [...present, ...rest];
}

const groupOf = (name: string, short: string): Group => ({
  name,
  short,
  commands: [],
  ...(name === 'buildx' || name === 'compose'
    ? { plugin: { Name: name, Vendor: 'Docker Inc.', Version: '', ShortDescription: short } }
    : {}),
});

const commandOf = (name: string, short: string): Command => ({
  use: name,
  short,
  operands: [0, Infinity],
  run: () => Promise.reject(new CommandError(`docker ${name} is not here yet`)),
});
