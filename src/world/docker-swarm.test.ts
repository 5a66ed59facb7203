import { expect, test } from 'vitest';
import { linesAt } from './testing/lines';

/** What swarm draws at random, and how often progress was looked at. */
const plain = (text: string): string =>
  text
    .replace(/SWMTKN-1-\w{50}-\w{25}/g, '<TOKEN>')
    .replace(/\b[0-9a-z]{25}\b/g, '<ID25>')
    .replace(/\b(?=[0-9]*[a-z])(?=[a-z]*[0-9])[0-9a-z]{12}\b/g, '<ID12>')
    .replace(/[0-9a-f]{64}/g, '<ID64>')
    .replace(/\d+ seconds? ago|less than a second ago/gi, '<AGO>')
    .split('\n')
    .map((line) => line.trimEnd().replace(/ {2,}/g, '  '))
    .filter((line, at, all) => line !== all[at - 1] || !/progress: |^verify: |^active tasks: /.test(line))
    .join('\n');

const swarm = async () => {
  const { run } = await linesAt('docker');
  await run('docker swarm init --advertise-addr 172.30.0.10; docker pull -q busybox');
  return async (line: string): Promise<string> => plain(await run(line));
};

test('services: scaled with old and new tasks counted alike, updated, rolled back', async () => {
  const run = await swarm();
  await run('docker service create -q --name web --replicas 2 busybox sleep 1000');
  expect(await run('docker service scale web=3')).toMatchInlineSnapshot(`
    "web scaled to 3
    overall progress: 0 out of 3 tasks
    1/3:
    2/3:
    3/3:
    overall progress: 2 out of 3 tasks
    overall progress: 3 out of 3 tasks
    verify: Waiting 5 seconds to verify that tasks are stable...
    verify: Waiting 4 seconds to verify that tasks are stable...
    verify: Waiting 3 seconds to verify that tasks are stable...
    verify: Waiting 2 seconds to verify that tasks are stable...
    verify: Waiting 1 seconds to verify that tasks are stable...
    verify: Service web converged
    "
  `);
  await run('docker service update -q --env-add A=b web');
  expect(
    await run(
      "docker service ps web --format '{{.Name}} {{.DesiredState}} {{.CurrentState}}'; docker service rollback web",
    ),
  ).toMatchInlineSnapshot(`
    "web.1 Running Running <AGO>
    web.1 Shutdown Shutdown <AGO>
    web.2 Running Running <AGO>
    web.2 Shutdown Shutdown <AGO>
    web.3 Running Running <AGO>
    web.3 Shutdown Shutdown <AGO>
    web
    rollback: manually requested rollback
    overall progress: rolling back update: 0 out of 3 tasks
    1/3:
    2/3:
    3/3:
    overall progress: rolling back update: 0 out of 3 tasks
    overall progress: rolling back update: 1 out of 3 tasks
    overall progress: rolling back update: 2 out of 3 tasks
    overall progress: rolling back update: 3 out of 3 tasks
    verify: Waiting 5 seconds to verify that tasks are stable...
    verify: Waiting 4 seconds to verify that tasks are stable...
    verify: Waiting 3 seconds to verify that tasks are stable...
    verify: Waiting 2 seconds to verify that tasks are stable...
    verify: Waiting 1 seconds to verify that tasks are stable...
    verify: Service web converged
    "
  `);
  expect(
    await run(
      'docker service rollback web >/dev/null; docker service create -q --name g --mode global busybox sleep 9; docker service rollback g; docker service scale g=2 nope=1 web',
    ),
  ).toMatchInlineSnapshot(`
    "<ID25>
    Error response from daemon: rpc error: code = FailedPrecondition desc = service <ID25> does not have a previous spec
    invalid scale specifier 'web'.

    Usage:  docker service scale SERVICE=REPLICAS [SERVICE=REPLICAS...]
    "
  `);
}, 60_000);

test('jobs end, are told of by their own progress, and fail for good when they may not be tried again', async () => {
  const run = await swarm();
  expect(
    await run('docker service create --name rj --mode replicated-job --replicas 3 --max-concurrent 2 busybox sleep 1'),
  ).toMatchInlineSnapshot(`
    "<ID25>
    active tasks: 0 out of 2 tasks
    1/3:
    2/3:
    3/3:
    active tasks: 0 out of 2 tasks
    active tasks: 2 out of 2 tasks
    active tasks: 1 out of 1 tasks
    active tasks: 0 out of 0 tasks
    job complete
    "
  `);
  expect(await run('docker service create --name gj --mode global-job busybox true')).toMatchInlineSnapshot(`
    "<ID25>
    job progress: waiting for tasks
    job complete
    "
  `);
  await run('docker service create -d --name no --mode replicated-job --restart-condition none busybox false; sleep 5');
  await run(
    'docker service create -d --name few --mode replicated-job --restart-max-attempts 1 --restart-delay 1s busybox false; sleep 6',
  );
  expect(
    await run(
      "docker service ls; docker service ps no few --format '{{.Name}} {{.DesiredState}} {{.CurrentState}} {{.Error}}'",
    ),
  ).toMatchInlineSnapshot(`
    "ID  NAME  MODE  REPLICAS  IMAGE  PORTS
    <ID12>  few  replicated job  0/1 (0/1 completed)  busybox:latest
    <ID12>  gj  global job  0/0 (1/1 completed)  busybox:latest
    <ID12>  no  replicated job  0/1 (0/1 completed)  busybox:latest
    <ID12>  rj  replicated job  0/2 (3/3 completed)  busybox:latest
    few.<ID25> Shutdown Failed <AGO> "task: non-zero exit (1)"
    few.<ID25> Shutdown Failed <AGO> "task: non-zero exit (1)"
    no.<ID25> Shutdown Failed <AGO> "task: non-zero exit (1)"
    "
  `);
  expect(await run('docker service scale rj=2; docker service ps -q rj | wc -l')).toMatchInlineSnapshot(`
    "rj scaled to 2
    active tasks: 0 out of 2 tasks
    1/2:
    2/2:
    active tasks: 0 out of 2 tasks
    active tasks: 2 out of 2 tasks
    active tasks: 0 out of 0 tasks
    job complete
    5
    "
  `);
}, 60_000);

test('the swarm, its node, secrets and configs say what cannot be', async () => {
  const run = await swarm();
  expect(await run('docker swarm update | head -4; docker swarm update --autolock=false')).toMatchInlineSnapshot(`
    "Usage:  docker swarm update [OPTIONS]

    Update the swarm

    Swarm updated.
    "
  `);
  expect(
    await run(
      'docker swarm unlock; docker swarm unlock-key; docker swarm join-token both; docker swarm join-token -q worker',
    ),
  ).toMatchInlineSnapshot(`
    "Error: swarm is not locked
    no unlock key is set
    unknown role both
    <TOKEN>
    "
  `);
  expect(
    await run(
      'docker node demote workstation; docker node promote workstation; docker node rm workstation; docker node update --availability drain workstation; docker node ls',
    ),
  ).toMatchInlineSnapshot(`
    "Error response from daemon: rpc error: code = FailedPrecondition desc = attempting to demote the last manager of the swarm
    Node workstation is already a manager.
    Error response from daemon: rpc error: code = FailedPrecondition desc = node <ID25> is a cluster manager and is a member of the raft cluster. It must be demoted to worker before removal
    workstation
    ID  HOSTNAME  STATUS  AVAILABILITY  MANAGER STATUS  ENGINE VERSION
    <ID25> *  workstation  Ready  Drain  Leader  28.5.2
    "
  `);
  await run(
    'docker node update --availability active workstation; echo x | docker secret create s -; echo y | docker config create c -',
  );
  await run('docker service create -d --name su --secret s --config c busybox sleep 100');
  expect(
    await run(
      'docker secret rm s; docker config rm c nope; echo x | docker secret create s -; docker network rm ingress; docker swarm leave',
    ),
  ).toMatchInlineSnapshot(`
    "Error response from daemon: rpc error: code = InvalidArgument desc = secret 's' is in use by the following service: su
    Error response from daemon: rpc error: code = InvalidArgument desc = config 'c' is in use by the following service: su
    Error response from daemon: config nope not found
    Error response from daemon: rpc error: code = AlreadyExists desc = secret s already exists
    WARNING! Before removing the routing-mesh network, make sure all the nodes in your swarm run the same docker engine version. Otherwise, removal may not be effective and functionality of newly create ingress networks will be impaired.
    Are you sure you want to continue? [y/N] Error response from daemon: You are attempting to leave the swarm on a node that is participating as a manager. Removing the last manager erases all current state of the swarm. Use \`--force\` to ignore this message.
    "
  `);
  expect(await run('docker swarm leave -f; docker swarm leave -f; sleep 1; ls /run/docker/netns; docker ps -aq'))
    .toMatchInlineSnapshot(`
    "Node left the swarm.
    Error response from daemon: This node is not part of a swarm
    "
  `);
}, 60_000);
