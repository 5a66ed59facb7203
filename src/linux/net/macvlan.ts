import { ok } from '../../sim/result';
import { fail, type Sys } from '../errno';
import { createLan, Switch } from './lan';
import { Stack } from './stack';
import type { Macvlan } from './types';

/** A card of its own on the cable of `parent`, in another namespace (drivers/net/macvlan.c). */
export function addMacvlan(stack: Stack, parent: string, { namespace, name, sharesMac }: Macvlan): Sys<void> {
  const lower = stack.device(parent);
  if (lower === undefined) return fail('ENODEV');
  if (!(namespace instanceof Stack) || lower.kind === 'bridge' || lower.kind === 'loopback') return fail('EINVAL');
  const made = namespace.create(name, 'macvlan', sharesMac === true ? lower.mac : undefined);
  if (!made.ok) return made;
  // A dummy's cable ends nowhere; its children still meet there.
  lower.lan ??= createLan(lower.name, 0);
  const device = made.value;
  device.lower = lower;
  device.lan = lower.lan;
  if (device.lan instanceof Switch) device.lan.cards.add(device);
  return ok(undefined);
}
