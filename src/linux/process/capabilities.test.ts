import { expect, test } from 'vitest';
import { allCapabilities, capabilitySet, capabilityText, hasCapability, type Capability } from '../capabilities';
import { afterSetId, changedCredentials } from './credentials';
import { UserNamespace } from './user-namespace';

const restrictedTo = (names: readonly Capability[], more: object = {}) => {
  const bounding = capabilitySet(names);
  const sets = { inheritable: 0, permitted: bounding, effective: bounding, bounding, ambient: 0 };
  return {
    uid: 0,
    gid: 0,
    groups: [0],
    restrictions: { capabilities: sets, noNewPrivileges: false, seccomp: true, ...more },
  };
};
const space = new UserNamespace(1, undefined);

test('sets are wider than 32 bits', () => {
  expect(capabilityText(allCapabilities)).toBe('000001ffffffffff');
  expect(hasCapability(capabilitySet(['CHECKPOINT_RESTORE']), 'CHECKPOINT_RESTORE')).toBe(true);
  expect(hasCapability(capabilitySet(['CHECKPOINT_RESTORE']), 'CHOWN')).toBe(false);
});

test('who stops being root has none left; a set-user-ID program has what the bounding set allows', () => {
  const root = restrictedTo(['CHOWN', 'SETUID']);
  const user = changedCredentials(space, root, true, { uid: 1000, gid: 1000, groups: [1000] });
  expect(user.ok && user.value.restrictions?.capabilities).toMatchObject({ effective: 0, bounding: 129 });
  if (!user.ok) return;
  expect(afterSetId(user.value, 0, undefined).restrictions?.capabilities.effective).toBe(129);
});

test('with no_new_privs a set-user-ID bit means nothing', () => {
  const { restrictions } = restrictedTo(['CHOWN'], { noNewPrivileges: true });
  const user = { uid: 1000, gid: 1000, groups: [1000], restrictions };
  const after = afterSetId(user, 0, undefined);
  expect([after.uid, after.restrictions?.capabilities.effective]).toEqual([1000, 0]);
});
