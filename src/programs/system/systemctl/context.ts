import type { Process } from '../../../linux/process/types';
import type { Manager } from '../../../linux/systemd/manager';
import { Service } from '../../../linux/systemd/service';
import type { Unit } from '../../../linux/systemd/unit';
import { valueOf } from '../../../linux/systemd/unit-file';
import type { Options } from '../../toolkit/options';
import { globToRegExp } from '../../toolkit/glob';
import { unitFileState } from '../../../linux/systemd/install';
import type { Look } from '../systemd';

/** What a verb of systemctl has at hand. */
export interface Context {
  readonly process: Process;
  readonly manager: Manager;
  readonly options: Options;
  readonly look: Look;
  readonly operands: readonly string[];
  error(message: string): Promise<void>;
}

const types = 'service socket target device mount automount swap timer path slice scope'.split(' ');

/** `nginx` is `nginx.service` (unit_name_mangle()). */
export function mangle(name: string): string {
  const type = name.slice(name.lastIndexOf('.') + 1);
  if (name.includes('.') && types.includes(type)) return name;
  if (name.startsWith('/')) return `${name.slice(1).replaceAll('/', '-')}.mount`;
  return `${name}.service`;
}

export const isType = (name: string): boolean => types.includes(name);
export const unitTypes: readonly string[] = types;

/** The units that operands mean: names, and patterns among those in memory. */
export function unitsOf({ manager }: Context, operands: readonly string[]): readonly Unit[] {
  return operands.flatMap((operand) => {
    if (!/[*?[]/.test(operand)) return [manager.unit(mangle(operand))];
    const pattern = globToRegExp(operand);
    return manager.units.filter(({ name }) => pattern.test(name)).sort((a, b) => (a.name < b.name ? -1 : 1));
  });
}

export const descriptionOf = ({ name, definition }: Unit): string => valueOf(definition, 'Unit', 'Description') ?? name;

/** Whether a unit is on disk or in memory. */
export const exists = ({ definition }: Unit): boolean => definition.load !== 'not-found';

export const serviceOf = (unit: Unit): Service | undefined => (unit instanceof Service ? unit : undefined);

/** `enabled`, `static` … of a unit; undefined if there is no file. */
export const stateOf = ({ process }: Context, name: string): string | undefined => unitFileState(process.fs, name);

/** What polkit would ask about is root's alone. */
export const mayManage = ({ process }: Context): boolean => process.credentials.uid === 0;
