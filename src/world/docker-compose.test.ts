import { expect, test } from 'vitest';
import { linesAt } from './testing/lines';

const file = `services:
  web:
    image: busybox
    command: sleep 1000
    ports: ["8088:80"]
    depends_on: {api: {condition: service_healthy}}
  api:
    build: ./api
    volumes: ["data:/d"]
volumes: {data: {}}
`;

const project = async () => {
  const { lab, run } = await linesAt('docker');
  const { fs } = lab.first;
  fs.mkdirAll('/root/shop/api');
  fs.writeFile('/root/shop/compose.yaml', file);
  fs.writeFile('/root/shop/api/Dockerfile', 'FROM busybox\nCMD ["sleep","1000"]\n');
  return (line: string) => run(`cd /root/shop; ${line}`);
};

const everything = 'docker ps -aq; docker images -q; docker volume ls -q; docker network ls --format "{{.Name}}"';

test('--dry-run tells what would be done, and does nothing', async () => {
  const run = await project();
  expect(await run('docker compose --dry-run up -d')).toMatchInlineSnapshot(`
    " DRY-RUN MODE -  web Pulling 
     DRY-RUN MODE -  web Pulled 
     DRY-RUN MODE -  api ==>  ==> writing image dryRun-a033a528b603fed46f861d4b3542c417b99d41c8
     DRY-RUN MODE -  api ==> ==>  naming to shop-api
     DRY-RUN MODE -  shop-api  Built
     DRY-RUN MODE -  Network shop_default  Creating
     DRY-RUN MODE -  Network shop_default  Created
     DRY-RUN MODE -  Volume shop_data  Creating
     DRY-RUN MODE -  Volume shop_data  Created
     DRY-RUN MODE -  Container shop-api-1  Creating
     DRY-RUN MODE -  Container shop-api-1  Created
     DRY-RUN MODE -  Container shop-web-1  Creating
     DRY-RUN MODE -  Container shop-web-1  Created
     DRY-RUN MODE -  Container shop-api-1  Starting
     DRY-RUN MODE -  Container shop-api-1  Started
     DRY-RUN MODE -  Container shop-api-1  Waiting
     DRY-RUN MODE -  Container shop-api-1  Healthy
     DRY-RUN MODE -  Container shop-web-1  Starting
     DRY-RUN MODE -  Container shop-web-1  Started
    "
  `);
  expect(await run('docker compose up --dry-run 2>/dev/null')).toMatchInlineSnapshot(`
    "end of 'compose up' output, interactive run is not supported in dry-run mode
    "
  `);
  expect(await run(everything)).toMatchInlineSnapshot(`
    "bridge
    host
    none
    "
  `);
  await run("sed -i 's/service_healthy/service_started/' compose.yaml; docker compose up -d");
  expect(await run('docker compose --dry-run stop; docker compose --dry-run rm -fs; docker compose --dry-run down -v'))
    .toMatchInlineSnapshot(`
    " DRY-RUN MODE -  Container shop-web-1  Stopping
     DRY-RUN MODE -  Container shop-web-1  Stopped
     DRY-RUN MODE -  Container shop-api-1  Stopping
     DRY-RUN MODE -  Container shop-api-1  Stopped
     DRY-RUN MODE -  Container shop-web-1  Stopping
     DRY-RUN MODE -  Container shop-web-1  Stopped
     DRY-RUN MODE -  Container shop-api-1  Stopping
     DRY-RUN MODE -  Container shop-api-1  Stopped
    No stopped containers
     DRY-RUN MODE -  Container shop-web-1  Stopping
     DRY-RUN MODE -  Container shop-web-1  Stopped
     DRY-RUN MODE -  Container shop-web-1  Removing
     DRY-RUN MODE -  Container shop-web-1  Removed
     DRY-RUN MODE -  Container shop-api-1  Stopping
     DRY-RUN MODE -  Container shop-api-1  Stopped
     DRY-RUN MODE -  Container shop-api-1  Removing
     DRY-RUN MODE -  Container shop-api-1  Removed
     DRY-RUN MODE -  Network shop_default  Removing
     DRY-RUN MODE -  Volume shop_data  Removing
     DRY-RUN MODE -  Volume shop_data  Removed
     DRY-RUN MODE -  Network shop_default  Resource is still in use
    "
  `);
  expect(await run("docker compose ps --format '{{.Name}} {{.State}}'")).toMatchInlineSnapshot(`
    "shop-api-1 running
    shop-web-1 running
    "
  `);
}, 60_000);

test('ps tells of ports as the struct has them', async () => {
  const run = await project();
  await run("sed -i 's/service_healthy/service_started/' compose.yaml; docker compose up -d");
  expect(await run('docker compose ps --format json web | jq -c .Publishers')).toMatchInlineSnapshot(`
    "[{"URL":"0.0.0.0","TargetPort":80,"PublishedPort":8088,"Protocol":"tcp"},{"URL":"::","TargetPort":80,"PublishedPort":8088,"Protocol":"tcp"}]
    "
  `);
}, 60_000);
