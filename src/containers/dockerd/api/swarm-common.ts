import { Swarm } from '../../swarm/swarm';
import { Refused } from '../../swarm/store';
import type { Labels, Meta } from '../../swarm/objects';
import { matchesLabels } from '../filters';
import type { EngineEvent } from '../events';
import { filtersOf, type Call } from './respond';

/** The swarm that this node manages. */
export function swarmOf({ engine }: Call): Swarm {
  if (engine.swarm instanceof Swarm) return engine.swarm;
  throw new Refused(
    503,
    'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.',
  );
}

type Matchers<T> = Readonly<Record<string, (object: T, value: string) => boolean>>;

/** `filters=…` of a list: any of the values of one filter, and all filters. */
export function filtered<T extends Meta>(
  call: Call,
  objects: Iterable<T>,
  matchers: Matchers<T>,
  labelsOf: (object: T) => Labels,
): readonly T[] {
  const asked = filtersOf(call.query);
  for (const name of asked.keys())
    if (matchers[name] === undefined && name !== 'label' && name !== 'id')
      throw new Refused(400, `invalid filter '${name}'`);
  return [...objects].filter((object) =>
    [...asked].every(([name, values]) =>
      name === 'label'
        ? matchesLabels(labelsOf(object), values)
        : name === 'id' && matchers['id'] === undefined
          ? values.some((value) => object.ID.startsWith(value))
          : values.some((value) => matchers[name]?.(object, value)),
    ),
  );
}

/** `version=N` of an update has to be the one that is there. */
export function checkVersion({ query }: Call, { Version }: Meta): void {
  const text = query.get('version') ?? '';
  if (!/^\d+$/.test(text))
    throw new Refused(
      400,
      `invalid version '${text}': strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`,
    );
  if (Number(text) !== Version.Index) throw new Refused(500, 'rpc error: code = Unknown desc = update out of sequence');
}

/** Tells of something that happened to an object of the swarm. */
export function tellSwarm(
  { engine }: Call,
  type: EngineEvent['Type'],
  action: string,
  id: string,
  attributes: Readonly<Record<string, string>>,
): void {
  engine.events.emit(type, action, id, attributes, 'swarm');
}
