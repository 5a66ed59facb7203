import { expect, test } from 'vitest';
import { dockerFunctions, GoStruct, parseTemplate, withInts, type GoValue } from './index';

const pod = {
  metadata: { name: 'web-1', labels: { app: 'web', tier: 'front' } },
  spec: {
    replicas: 3,
    containers: [
      { name: 'a', image: 'nginx' },
      { name: 'b', image: 'redis' },
    ],
    nodeName: null,
  },
};

function run(source: string, data: GoValue = pod, options: { missingKey?: 'error' } = {}): string {
  const parsed = parseTemplate(source, 'output', dockerFunctions);
  if (!parsed.ok) return parsed.error;
  const result = parsed.template.run(data, options);
  return result.ok ? result.output : result.error;
}

test.each([
  ['{{.metadata.name}}', 'web-1'],
  ['{{.metadata.labels}}', 'map[app:web tier:front]'],
  ['{{range .spec.containers}}{{.name}}={{.image}} {{end}}', 'a=nginx b=redis '],
  ['{{range $i, $c := .spec.containers}}{{if $i}}, {{end}}{{$i}}:{{$c.name}}{{end}}', '0:a, 1:b'],
  ['{{range $k, $v := .metadata.labels}}{{$k}}={{$v}};{{end}}', 'app=web;tier=front;'],
  ['{{with .metadata}}{{.name}} of {{$.spec.replicas}}{{end}}', 'web-1 of 3'],
  ['{{if eq .metadata.name "web-1" "x"}}yes{{else}}no{{end}}', 'yes'],
  ['{{if .nope}}a{{else if .spec}}b{{else}}c{{end}}', 'b'],
  ['{{.nope}}|{{.nope.deeper}}|{{.spec.nodeName}}', '<no value>|<no value>|<no value>'],
  ['{{index .spec.containers 1 "image" | printf "%-7s|%q" "x"}}', 'x      |"redis"'],
  ['{{len .spec.containers}} {{len .metadata.name}}', '2 5'],
  ['a {{- /* gone */ -}} b {{- " c " -}} d', 'ab c d'],
  [
    '{{json .metadata}} {{.metadata.name | upper}} {{join (split "a,b" ",") "+"}}',
    '{"labels":{"app":"web","tier":"front"},"name":"web-1"} WEB-1 a+b',
  ],
  ['{{$x := 1}}{{$x = 2}}{{$x}} {{printf "%05d %x %t %v" 42 255 true .spec.replicas}}', '2 00042 ff true 3'],
  ['{{define "row"}}<{{.name}}>{{end}}{{range .spec.containers}}{{template "row" .}}{{end}}', '<a><b>'],
  ['{{range .spec.containers}}{{if eq .name "b"}}{{break}}{{end}}{{.name}}{{else}}none{{end}}', 'a'],
  ['{{range .nope}}x{{else}}none{{end}}', 'none'],
  ['{{printf "%d %s" .spec.replicas 7}}', '%!d(float64=3) %!s(int=7)'],
  ['{{println "a" 1}}{{print 1 2 "x" 3}}', 'a 1\n1 2x3'],
  ['{{and .nope .also.missing}}{{or "" "b"}}{{not true}}', '<no value>bfalse'],
  ['{{slice "abcdef" 1 3}} {{"a\\tb" | html}}', 'bc a\tb'],
])('%s', (source, expected) => {
  expect(run(source)).toBe(expected);
});

test.each([
  ['{{.metadata', 'template: output:1: unclosed action'],
  ['{{foo}}', 'template: output:1: function "foo" not defined'],
  ['a\n{{if .x}}', 'template: output:2: unexpected EOF'],
  ['{{end}}', 'template: output:1: unexpected {{end}}'],
  ['{{$x}}', 'template: output:1: undefined variable "$x"'],
  ['{{}}', 'template: output:1: missing value for command'],
  ['{{.a !}}', "template: output:1: unrecognized character in action: U+0021 '!'"],
  [
    '{{if eq .spec.replicas 3}}y{{end}}',
    'template: output:1:5: executing "output" at <eq .spec.replicas 3>: error calling eq: incompatible types for comparison',
  ],
  [
    '{{.spec.nodeName.x}}',
    'template: output:1:7: executing "output" at <.spec.nodeName.x>: nil pointer evaluating interface {}.x',
  ],
  [
    '{{.metadata.name.x}}',
    'template: output:1:11: executing "output" at <.metadata.name.x>: can\'t evaluate field x in type interface {}',
  ],
  [
    '{{index .spec.containers 5}}',
    'template: output:1:2: executing "output" at <index .spec.containers 5>: error calling index: index out of range: 5',
  ],
])('%s fails', (source, expected) => {
  expect(run(source)).toBe(expected);
});

test('a missing key is an error where it is asked for', () => {
  expect(run('{{.Foo}}', pod, { missingKey: 'error' })).toBe(
    'template: output:1:2: executing "output" at <.Foo>: map has no entry for key "Foo"',
  );
});

test('structs know their type and have methods', () => {
  const row = new GoStruct(
    '*formatter.ContainerContext',
    new Map<string, GoValue>([
      ['Names', () => 'web'],
      ['Label', (name) => `<${String(name)}>`],
    ]),
  );
  expect(run('{{.Names}} {{.Label "env"}}', row)).toBe('web <env>');
  expect(run('{{.Bogus}}', row)).toBe(
    'template: output:1:2: executing "output" at <.Bogus>: can\'t evaluate field Bogus in type *formatter.ContainerContext',
  );
});

test('integers of typed documents compare with literals', () => {
  expect(run('{{if eq .spec.replicas 3}}three{{end}}', withInts(pod))).toBe('three');
});
