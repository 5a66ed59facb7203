import { expect, test } from 'vitest';
import { cmpDiff } from './cmp/diff';
import { sharpV } from './sharp';
import { goValueOf } from './value';

const claim = (requests: Record<string, string>, volumeName?: string) =>
  goValueOf('core.PersistentVolumeClaimSpec', { accessModes: ['ReadWriteOnce'], resources: { requests }, volumeName });

test('%#v of an internal type', () => {
  expect(sharpV(goValueOf('[]core.NodeSelectorTerm', [{ matchExpressions: [{ key: 'a', operator: 'Exists' }] }]))).toBe(
    '[]core.NodeSelectorTerm{core.NodeSelectorTerm{MatchExpressions:[]core.NodeSelectorRequirement{core.NodeSelectorRequirement{Key:"a", Operator:"Exists", Values:[]string(nil)}}, MatchFields:[]core.NodeSelectorRequirement(nil)}}',
  );
});

test('equal values have no difference', () => {
  expect(cmpDiff(claim({ storage: '1Gi' }), claim({ storage: '1024Mi' }))).toBe('');
});

test('cmp.Diff tells members, their neighbours and how many are the same', () => {
  expect(cmpDiff(claim({ storage: '1Gi' }), claim({ storage: '1Gi' }, 'pv1'))).toBe(
    [
      '  core.PersistentVolumeClaimSpec{',
      '  \tAccessModes:      {"ReadWriteOnce"},',
      '  \tSelector:         nil,',
      '  \tResources:        {Requests: {s"storage": {i: {...}, s: "1Gi", Format: "BinarySI"}}},',
      '- \tVolumeName:       "",',
      '+ \tVolumeName:       "pv1",',
      '  \tStorageClassName: nil,',
      '  \tVolumeMode:       nil,',
      '  \t... // 3 identical fields',
      '  }',
      '',
    ].join('\n'),
  );
});

test('items that were put in, taken out and changed', () => {
  const spec = (names: readonly string[]) =>
    goValueOf('core.PodSpec', { containers: names.map((name) => ({ name, image: 'i', resources: {} })) });
  expect(
    cmpDiff(spec(['a', 'b', 'c']), spec(['b', 'c', 'd']))
      .split('\n')
      .filter((line) => /^[-+]/.test(line)),
  ).toEqual(['- \t\t{Name: "a", Image: "i"},', '+ \t\t{Name: "d", Image: "i"},']);
});
