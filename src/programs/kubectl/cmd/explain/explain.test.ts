import { expect, test } from 'vitest';
import { apiServer } from '../../testing/api-server';
import { kubeconfig } from '../../testing/kubeconfig';
import { bench } from '../../testing/process';

const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: boats.sea.example.com}
spec:
  group: sea.example.com
  scope: Namespaced
  names: {plural: boats, singular: boat, kind: Boat, shortNames: [bo]}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        description: "A boat.\\n\\nIt floats; where it does not, something is wrong with the harbour that it was built in."
        properties:
          spec:
            type: object
            required: [length]
            properties:
              length: {type: integer, description: From bow to stern.}
              sail: {type: string, enum: [gaff, lug, sprit, lateen, ""], description: "Which one:\\n- gaff\\n- lug"}
              ports: {type: array, items: {type: object, properties: {name: {type: string}}}}
              crew: {type: object, additionalProperties: {type: string}}
              draught: {x-kubernetes-int-or-string: true}
`;

async function shore() {
  const made = bench(apiServer([]).connect, Date.UTC(2026, 10, 21));
  made.fs.writeFile('/root/.kube/config', kubeconfig);
  made.fs.writeFile('/root/boat.yaml', definition);
  const kubectl = (line: string) => made.run(line.split(' '));
  expect(await kubectl('create -f boat.yaml')).toMatchObject({ code: 0 });
  await made.clock.advance(100);
  return {
    kubectl,
    said: async (line: string) => {
      const { stdout, stderr } = await kubectl(line);
      return stderr + stdout;
    },
  };
}

test('kinds of a definition, as its author describes them', async () => {
  const { said } = await shore();
  expect(await said('explain bo.spec')).toBe(`GROUP:      sea.example.com
KIND:       Boat
VERSION:    v1

FIELD: spec <Object>


DESCRIPTION:
    <empty>
FIELDS:
  crew\t<map[string]string>
    <no description>

  draught\t<Object>
    <no description>

  length\t<integer> -required-
    From bow to stern.

  ports\t<[]Object>
    <no description>

  sail\t<string>
  enum: gaff, lug, sprit, lateen, ....
    Which one:
    - gaff
    - lug


`);
  expect(await said('explain boats.sea.example.com.spec.sail')).toBe(`GROUP:      sea.example.com
KIND:       Boat
VERSION:    v1

FIELD: sail <string>
ENUM:
    gaff
    lug
    sprit
    lateen
    ""

DESCRIPTION:
    Which one:
    - gaff
    - lug
    

`);
});

test('the older layout', async () => {
  const { said } = await shore();
  expect(await said('explain bo.spec --output=plaintext-openapiv2')).toBe(`KIND:     Boat
VERSION:  sea.example.com/v1

RESOURCE: spec <Object>

DESCRIPTION:
     <empty>

FIELDS:
   crew\t<map[string]string>

   draught\t<>

   length\t<integer> -required-
     From bow to stern.

   ports\t<[]Object>

   sail\t<string>
     Which one:
     - gaff
     - lug

`);
  expect(await said('explain bo.spec.ports --output=plaintext-openapiv2 --recursive')).toBe(`KIND:     Boat
VERSION:  sea.example.com/v1

RESOURCE: ports <[]Object>

DESCRIPTION:
     <empty>

FIELDS:
   name\t<string>
`);
  expect(await said('explain bo --api-version=v1 --output=plaintext-openapiv2')).toBe(
    `error: couldn't find resource for "/v1, Kind=Boat"\n`,
  );
});

test('built-in kinds have their texts, values and what must be there', async () => {
  const { said } = await shore();
  expect(await said('explain pod.spec.containers.ports.protocol')).toBe(`KIND:       Pod
VERSION:    v1

FIELD: protocol <string>
ENUM:
    SCTP
    TCP
    UDP

DESCRIPTION:
    Protocol for port. Must be UDP, TCP, or SCTP. Defaults to "TCP".
    
    Possible enum values:
     - \`"SCTP"\` is the SCTP protocol.
     - \`"TCP"\` is the TCP protocol.
     - \`"UDP"\` is the UDP protocol.
    

`);
  expect(await said('explain deployment.spec.template.spec.containers.ports --recursive')).toContain(`FIELDS:
  containerPort\t<integer> -required-
  hostIP\t<string>
  hostPort\t<integer>
  name\t<string>
  protocol\t<string>
  enum: SCTP, TCP, UDP

`);
});

test('arguments that are none', async () => {
  const { said } = await shore();
  const told: Record<string, string> = {};
  for (const argument of ['pod.spec.nope', 'pod..spec', 'pod[0]', 'pod.a[0', '.', 'nope', 'pod svc', 'pod -o=json'])
    told[argument] = await said(`explain ${argument}`);
  expect(told).toEqual({
    'pod.spec.nope': 'error: field "nope" does not exist\nKIND:       Pod\nVERSION:    v1\n\n',
    'pod..spec': 'error: invalid jsonpath syntax, first node must be field node\n',
    'pod[0]': 'error: invalid jsonpath syntax, first node must be field node\n',
    'pod.a[0': 'error: unterminated array\n',
    '.': 'error: a resource must be present, got: /, Resource=\n',
    nope: 'the server doesn\'t have a resource type "nope"\n',
    'pod svc': 'error: We accept only this format: explain RESOURCE\n',
    'pod -o=json': `error: unknown shorthand flag: 'o' in -o=json\nSee 'kubectl explain --help' for usage.\n`,
  });
});
