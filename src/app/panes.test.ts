import { expect, test } from 'vitest';
import { nextPane } from './panes';

test('F6 goes round, Shift+F6 back', () => {
  expect(nextPane('task', 1)).toBe('shell');
  expect(nextPane('timeline', 1)).toBe('task');
  expect(nextPane('task', -1)).toBe('timeline');
});
