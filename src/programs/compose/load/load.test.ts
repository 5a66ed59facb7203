import { expect, test } from 'vitest';
import { lab } from '../../../containers/testing/lab';
import { elf } from '../../../linux/process/executable';
import { LoadError } from './value';
import { findProject, loadProject, type LoadOptions, type ProjectOptions } from './project';
import { projectYaml } from './print';

/** Loads what the files say; the YAML, or what is wrong, and the warnings. */
async function load(
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
  options: Partial<ProjectOptions> = {},
  how: LoadOptions = {},
): Promise<{ yaml: string; warnings: readonly string[] }> {
  const warnings: string[] = [];
  let yaml = '';
  let ended = false;
  const { host, clock } = lab({
    load: async (process) => {
      const all: ProjectOptions = {
        files: [],
        projectName: undefined,
        projectDirectory: undefined,
        envFiles: [],
        profiles: [],
        compatibility: false,
        allResources: false,
        ...options,
      };
      try {
        const found = await findProject(process, all, (message) => void warnings.push(message));
        yaml = projectYaml(loadProject(found, all, how));
      } catch (error) {
        if (!(error instanceof LoadError)) throw error;
        yaml = error.message;
      }
      ended = true;
      return 0;
    },
  });
  host.fs.mkdirAll('/usr/bin');
  host.fs.writeFile('/usr/bin/load', elf('load'), 0o755);
  for (const [path, text] of Object.entries(files)) {
    host.fs.mkdirAll(`/shop/${path}`.replace(/\/[^/]*$/, ''));
    host.fs.writeFile(`/shop/${path}`, text);
  }
  const child = host.spawn({ file: '/usr/bin/load', argv: ['load'], cwd: '/shop', env: new Map(Object.entries(env)) });
  if (!child.ok) throw new Error(child.error.message);
  await clock.runUntil(() => ended, { limit: 1000 });
  return { yaml, warnings };
}

test('variables come from the environment, then from .env', async () => {
  const { yaml, warnings } = await load(
    {
      '.env': 'TAG=1.2\nPORT="80 80"\nBOTH=${TAG}-x\n',
      'compose.yaml': `services:
  web:
    image: nginx:\${TAG:-latest}
    hostname: \${NAME-none}\${UNSET}
    command: ["\${BOTH}", "$$HOME", "\${EMPTY:-\${TAG}}", "\${TAG:+yes}"]
    environment: [TAG, OTHER, "A=b"]
    init: "\${INIT:-true}"
`,
    },
    { NAME: 'host1', EMPTY: '' },
  );
  expect(warnings).toEqual(['The "UNSET" variable is not set. Defaulting to a blank string.']);
  expect(yaml).toBe(`name: shop
services:
  web:
    command:
      - 1.2-x
      - $HOME
      - "1.2"
      - "yes"
    environment:
      A: b
      OTHER: null
      TAG: "1.2"
    hostname: host1
    image: nginx:1.2
    init: true
    networks:
      default: null
networks:
  default:
    name: shop_default
`);
});

test('a second file is merged, and a service extends another', async () => {
  const { yaml } = await load({
    'base.yaml': 'services:\n  base:\n    image: busybox\n    environment: {A: "1", B: "2"}\n    volumes: [./d:/d]\n',
    'compose.yaml': `x-common: &common
  restart: always
  logging: {driver: json-file, options: {max-size: 10m}}
services:
  web:
    <<: *common
    extends: {file: base.yaml, service: base}
    environment: [B=3]
    ports: ["8080:80", "127.0.0.1:53:53/udp"]
    ulimits: {nofile: {soft: 1, hard: 2}, nproc: 5}
    mem_limit: 64m
    stop_grace_period: 1m30s
    extra_hosts: ["a:1.2.3.4"]
`,
    'compose.override.yaml': 'services:\n  web:\n    ports: ["9090:90"]\n    command: echo "a b"\n',
  });
  expect(yaml).toBe(`name: shop
services:
  web:
    command:
      - echo
      - a b
    environment:
      A: "1"
      B: "3"
    extra_hosts:
      - a=1.2.3.4
    image: busybox
    logging:
      driver: json-file
      options:
        max-size: 10m
    mem_limit: "67108864"
    networks:
      default: null
    ports:
      - mode: ingress
        target: 80
        published: "8080"
        protocol: tcp
      - mode: ingress
        host_ip: 127.0.0.1
        target: 53
        published: "53"
        protocol: udp
      - mode: ingress
        target: 90
        published: "9090"
        protocol: tcp
    restart: always
    stop_grace_period: 1m30s
    ulimits:
      nofile:
        soft: 1
        hard: 2
      nproc: 5
    volumes:
      - type: bind
        source: /shop/d
        target: /d
        bind:
          create_host_path: true
networks:
  default:
    name: shop_default
x-common:
  logging:
    driver: json-file
    options:
      max-size: 10m
  restart: always
`);
});

test('profiles choose services; secrets, configs and includes are resolved', async () => {
  const files = {
    'compose.yaml': `include: [db/compose.yaml]
services:
  web: {image: nginx, secrets: [key], configs: [{source: conf, target: /etc/c}], depends_on: [db]}
  debug: {image: busybox, profiles: [debug]}
secrets: {key: {file: ./key.txt}}
configs: {conf: {content: "a: 1\\nb: 2\\n"}}
`,
    'db/compose.yaml': 'services:\n  db: {image: redis, build: .}\n',
  };
  expect((await load(files)).yaml).toBe(`name: shop
services:
  db:
    build:
      context: /shop/db
      dockerfile: Dockerfile
    image: redis
    networks:
      default: null
  web:
    configs:
      - source: conf
        target: /etc/c
    depends_on:
      db:
        condition: service_started
        required: true
    image: nginx
    networks:
      default: null
    secrets:
      - source: key
        target: /run/secrets/key
networks:
  default:
    name: shop_default
secrets:
  key:
    name: shop_key
    file: /shop/key.txt
configs:
  conf:
    name: shop_conf
    content: |
      a: 1
      b: 2
`);
  expect((await load(files, {}, { profiles: ['debug'] })).yaml).toContain('\n  debug:\n');
});

test.each([
  [
    'services:\n  web:\n    imagee: nginx\n',
    "validating /shop/compose.yaml: services.web additional properties 'imagee' not allowed",
  ],
  ['services:\n  web:\n    image: 5\n', 'validating /shop/compose.yaml: services.web.image must be a string'],
  [
    'services:\n  web: {image: a, depends_on: [db]}\n',
    'service "web" depends on undefined service "db": invalid compose project',
  ],
  [
    'services:\n  web: {}\n',
    'service "web" has neither an image nor a build context specified: invalid compose project',
  ],
  [
    'services:\n  web: {image: a, networks: [x]}\n',
    'service "web" refers to undefined network x: invalid compose project',
  ],
  [
    'services:\n  web: {image: a, volumes: ["data:/v"]}\n',
    'service "web" refers to undefined volume data: invalid compose project',
  ],
  [
    'services:\n  a: {image: a, depends_on: [b]}\n  b: {image: b, depends_on: [a]}\n',
    'dependency cycle detected: a -> b -> a',
  ],
  [
    'services:\n  web: {image: "${IMG:?set it}"}\n',
    'error while interpolating services.web.image: required variable IMG is missing a value: set it',
  ],
  [
    'services:\n  web: {image: "${IMG"}\n',
    'invalid interpolation format for services.web.image.\nYou may need to escape any $ with another $.\n${IMG',
  ],
  [
    'services:\n  web:\n   image: a\n  image: b: c\n',
    'failed to parse /shop/compose.yaml: yaml: line 4: mapping values are not allowed in this context',
  ],
  ['services:\n  web: {image: a, ports: ["x:80"]}\n', 'invalid hostPort: x'],
  [
    'services:\n  web: {image: a}\n  web: {image: b}\n',
    'failed to parse /shop/compose.yaml: line 3: mapping key "web" already defined at line 2',
  ],
  ['', 'empty compose file'],
])('what is wrong is said: %j', async (text, message) => {
  expect((await load({ 'compose.yaml': text })).yaml).toBe(message);
});
