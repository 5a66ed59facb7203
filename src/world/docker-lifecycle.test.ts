import { expect, test } from 'vitest';
import { Typist } from './testing/typist';

/** The lines that a command printed, without the prompts. */
const printed = (shown: string): readonly string[] =>
  shown
    .split('\n')
    .slice(1)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '' && !line.startsWith('workstation:~#'));

const quiet = 'docker pull -q busybox >/dev/null; clear';

test('health: what a probe prints is kept in its log', async () => {
  const typist = await Typist.sit({ topology: 'docker' });
  await typist.line(quiet, 20_000);
  await typist.line('docker run -d --name hp --health-cmd "echo fine" --health-interval 1s busybox sleep 100', 3000);
  const log = "docker inspect -f '{{.State.Health.Status}} {{(index .State.Health.Log 0).Output}}' hp";
  expect(printed(await typist.line(log, 500))).toEqual(['healthy fine']);
});

test('health: starting, unhealthy, healthy again, with the last probes and their events', async () => {
  const typist = await Typist.sit({ topology: 'docker' });
  await typist.line(quiet, 20_000);
  await typist.line(
    'docker run -d --name hh --health-cmd "test -f /ok" --health-interval 2s --health-retries 2 --health-start-period 1s busybox sleep 100 >/dev/null',
    1500,
  );
  const status =
    "docker ps -f name=hh --format '{{.Status}}'; docker inspect -f '{{.State.Health.FailingStreak}} {{len .State.Health.Log}}' hh";
  expect(printed(await typist.line(status, 500))).toEqual([
    expect.stringMatching(/^Up .* \(health: starting\)$/),
    '0 0',
  ]);
  await typist.line('sleep 6', 6500);
  expect(printed(await typist.line(status, 500))).toEqual([
    expect.stringMatching(/^Up .* seconds \(unhealthy\)$/),
    '5 5',
  ]);
  await typist.line('docker exec hh touch /ok; sleep 12', 13_000);
  expect(printed(await typist.line(status, 500))).toEqual([
    expect.stringMatching(/^Up .* seconds \(healthy\)$/),
    '0 5',
  ]);
  expect(
    printed(
      await typist.line(
        'docker ps -q -f health=unhealthy | wc -l; docker pause hh; docker inspect -f "{{.State.Health.Status}}" hh',
        800,
      ),
    ),
  ).toEqual(['0', 'hh', 'unhealthy']);
  const events = await typist.line(
    "docker events --since 1h --until 0s -f container=hh -f event=health_status --format '{{.Action}}'",
    800,
  );
  expect(printed(events)).toEqual(['health_status: unhealthy', 'health_status: healthy']);
}, 60_000);

test('a restart policy starts again with growing delays, and gives up when it says so', async () => {
  const typist = await Typist.sit({ topology: 'docker' });
  await typist.line(quiet, 20_000);
  await typist.line(
    'docker run -d --name cc --restart on-failure:3 busybox sh -c "echo run; exit 3" >/dev/null; sleep 4',
    6000,
  );
  expect(
    printed(
      await typist.line(
        "docker inspect -f '{{.State.Status}} {{.RestartCount}} {{.State.ExitCode}}' cc; docker logs cc | wc -l; docker wait cc; docker update --restart always cc; docker start cc; sleep 1; docker stop cc; docker ps -a --format '{{.Status}}'",
        4000,
      ),
    ),
  ).toEqual(['exited 3 3', '4', '3', 'cc', 'cc', 'cc', expect.stringMatching(/^Exited \(3\) .* ago$/)]);
}, 60_000);

test('many containers at once; what failed is told at the end', async () => {
  const typist = await Typist.sit({ topology: 'docker' });
  await typist.line(quiet, 20_000);
  await typist.line('for i in 1 2 3; do docker run -d --name s$i busybox sleep 1000 >/dev/null; done', 2500);
  // Three times ten seconds at once.
  expect(printed(await typist.line('docker stop s1 nope s2 s3; echo $?', 11_500))).toEqual([
    's1',
    's2',
    's3',
    'Error response from daemon: No such container: nope',
    '1',
  ]);
  expect(printed(await typist.line("docker ps --filter status=exited --format '{{.Names}} {{.State}}'", 500))).toEqual([
    's3 exited',
    's2 exited',
    's1 exited',
  ]);
  expect(printed(await typist.line('docker rm -f s1 gone; echo $?; docker container prune -f | head -1', 800))).toEqual(
    ['s1', 'Error response from daemon: No such container: gone', '0', 'Deleted Containers:'],
  );
}, 60_000);

test('stats are drawn again and again, and ^C ends them', async () => {
  const typist = await Typist.sit({ topology: 'docker' });
  await typist.line(quiet, 20_000);
  await typist.line(
    'docker run -d --name ww -m 64m busybox sleep 1000 >/dev/null; docker update --pids-limit 7 ww; clear',
    1500,
  );
  await typist.type('docker stats\r', 4000);
  const [head = '', row = ''] = (await typist.screen()).split('\n');
  expect(head.trimEnd()).toBe(
    'CONTAINER ID   NAME      CPU %     MEM USAGE / LIMIT   MEM %     NET I/O   BLOCK I/O   PIDS',
  );
  expect(row).toMatch(/^[0-9a-f]{12} {3}ww {8}0\.00% {5}[\d.]+[KM]iB \/ 64MiB +[\d.]+% +\S+ \/ \S+ +\S+ \/ \S+ +1/);
  await typist.type('\x03', 300);
  expect(
    printed(await typist.line("docker stats --no-stream --format '{{.Name}} {{.PIDs}}' ww; docker exec ww ps", 4000)),
  ).toEqual([
    'ww 1',
    'PID   USER     TIME  COMMAND',
    expect.stringMatching(/^ {4}1 root {6}0:00 sleep 1000$/),
    expect.stringMatching(/^ +\d+ root {6}0:00 ps$/),
  ]);
}, 60_000);

test('templates: typed first, maps after, and what is wrong with them', async () => {
  const typist = await Typist.sit({ topology: 'docker' });
  await typist.line(quiet, 20_000);
  await typist.line('docker create --name tt -p 80:80 --label a.b-c=1 busybox true >/dev/null; clear', 800);
  expect(
    printed(
      await typist.line(
        "docker inspect -f '{{json .State.Health}} {{.HostConfig.RestartPolicy}} {{if .State.Health}}x{{end}}' tt",
        400,
      ),
    ),
  ).toEqual(['null {no 0}']);
  expect(printed(await typist.line("docker inspect -f '{{.Id | len}} {{.HostConfig.RestartPolicy}}' tt", 400))).toEqual(
    ['64 map[MaximumRetryCount:0 Name:no]'],
  );
  expect(printed(await typist.line("docker inspect -f '{{.State.Health.Status}}' tt", 400))).toEqual([
    'template parsing error: template: :1:8: executing "" at <.State.Health.Status>: map has no entry for key "Health"',
  ]);
  expect(
    printed(await typist.line(`docker ps -a --format 'table {{.Names}}\\t{{.Label "a.b-c"}}\\t{{upper .State}}'`, 400)),
  ).toEqual(['NAMES     b c       STATE', 'tt        1         CREATED']);
  expect(printed(await typist.line("docker ps --format '{{.Bogus}}'", 400))).toEqual([
    'failed to execute template: template: :1:2: executing "" at <.Bogus>: can\'t evaluate field Bogus in type *formatter.ContainerContext',
  ]);
}, 60_000);
