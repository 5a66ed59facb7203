import { afterAll, beforeAll, expect, test } from 'vitest';
import { Typist } from './testing/typist';

/*
 * Forty lines that must work, typed at a terminal of the whole world key by key and read from xterm's screen. They are
 * numbered as the project's list of what learners type is; each begins and ends at the host's prompt.
 */
let at: Typist;
const PROMPT = /^workstation:\S*#$/;

beforeAll(async () => {
  at = await Typist.sit();
}, 60_000);

afterAll(async () => {
  // Nothing that a case started may be left behind.
  await at.line('clear');
  expect(await at.line('jobs')).not.toMatch(/Running|Stopped/);
});

/** The rows below the typed line, without the prompt that follows. */
async function answer(line: string, wait?: number): Promise<string> {
  const rows = (await at.line(line, wait)).split('\n');
  expect(rows.at(-1)).toMatch(PROMPT);
  return rows.slice(line.split('\r').length, -1).join('\n');
}

test('1: names through grep and xargs', async () => {
  await at.line(
    'kubectl run web-1 --image=nginx; kubectl run db --image=redis; kubectl run web-2 --image=nginx',
    20_000,
  );
  expect(await answer('kubectl get pods -o name | grep web | xargs -n1 kubectl delete', 60_000)).toBe(
    'pod "web-1" deleted\npod "web-2" deleted',
  );
});

test('2: a here-document into kubectl apply', async () => {
  expect(
    await at.line('cat <<EOF | kubectl apply -f -\rapiVersion: v1\rkind: ConfigMap\rmetadata:\r  name: settings\rEOF'),
  ).toMatch(
    /-f -\n> apiVersion: v1\n> kind: ConfigMap\n> metadata:\n>   name: settings\n> EOF\nconfigmap\/settings created\n/,
  );
});

test('3 and 4: here-documents with and without expansion', async () => {
  await at.line('N=42; cat > p.yaml <<EOF\rn: $N\rEOF');
  expect(await answer('cat p.yaml')).toBe('n: 42');
  await at.line("cat <<'EOF' > x\r$HOME\rEOF");
  expect(await answer('cat x')).toBe('$HOME');
});

test('5: a for loop, each line as it happens', async () => {
  expect(await answer('for i in $(seq 3); do kubectl run p$i --image=nginx; done')).toBe(
    'pod/p1 created\npod/p2 created\npod/p3 created',
  );
});

test('6: a variable splits into flags', async () => {
  await at.line('export do="--dry-run=client -o yaml"');
  expect(await answer('kubectl run x --image=nginx $do > p.yaml')).toBe('');
  expect(await answer('head -6 p.yaml')).toBe(
    'apiVersion: v1\nkind: Pod\nmetadata:\n  creationTimestamp: null\n  labels:\n    run: x',
  );
});

test('7: an alias works on the next line, and with completion', async () => {
  await at.line('alias k=kubectl');
  expect(await answer('k get po db')).toMatch(/^NAME +READY +STATUS +RESTARTS +AGE\ndb +1\/1 +Running +0 +\w+$/);
  await at.type('k get po d\t', 500);
  expect(await at.see()).toMatch(/# k get po db$/);
  await at.type('\x03', 100);
  await at.see();
});

test('8: kubectl completion bash is sourced', async () => {
  expect(await answer('source <(kubectl completion bash) && echo ok')).toBe('ok');
});

test('9: a watch shows rows live; Control-C gives 130', async () => {
  expect((await at.line('kubectl get pods -w', 1000)).split('\n').slice(1).join('\n')).toMatch(
    /^NAME +READY +STATUS +RESTARTS +AGE\ndb +1\/1 +Running +0 +\w+\np1 .*\np2 .*\np3 .*$/s,
  );
  await at.type('\x03', 100);
  expect(await at.see()).toMatch(/\^C\n.*#$/s);
  expect(await answer('echo $?')).toBe('130');
});

test('10: a watch through grep shows only its rows, as they happen', async () => {
  expect(
    (
      await at.line('(sleep 3; kubectl run web-3 --image=nginx >/dev/null) & kubectl get pods -w | grep web', 2000)
    ).split('\n').length,
  ).toBe(2);
  await at.world.lab.clock.advance(4000);
  const rows = await at.see();
  expect(rows).toMatch(/web-3 +0\/1 +Pending/);
  expect(rows).not.toMatch(/db|p1/);
  await at.type('\x03', 1500);
  await at.line('');
});

test('11: a watch in the background, ended by kill %1', async () => {
  const [, job, ...rest] = (await at.line('kubectl get pods -w &', 1000)).split('\n');
  expect(job).toMatch(/^\[1\] \d+$/);
  expect(rest.join('\n')).toMatch(/^workstation:~#[^]*\ndb +1\/1/);
  expect(await at.line('kill %1; sleep 1')).toContain('\n');
  expect(await at.line('')).not.toMatch(/Running/);
  expect(await answer('jobs')).toBe('');
});

test('12: stop, jobs, bg, fg', async () => {
  await at.line('kubectl get pods -w', 500);
  await at.type('\x1a', 200);
  expect(await at.see()).toMatch(/\^Z\n\[1\]\+ +Stopped +kubectl get pods -w\n/);
  expect(await answer('jobs')).toMatch(/^\[1\]\+ +Stopped +kubectl get pods -w$/);
  expect(await answer('kubectl label pod db seen=1')).toBe('pod/db labeled');
  await at.type('bg\r', 500);
  expect(await at.see()).toMatch(/\[1\]\+ kubectl get pods -w &\n/);
  await at.type('fg\r', 500);
  expect(await at.see()).toMatch(/fg\nkubectl get pods -w/);
  await at.type('\x03', 200);
  expect(await at.see()).toMatch(/\^C\n.*#$/s);
});

test('13: logs that are followed, through grep', async () => {
  await at.line(
    `kubectl run talker --image=busybox --restart=Never -- sh -c 'i=0; while :; do echo "err $i"; echo fine; i=$((i+1)); sleep 1; done'`,
    15_000,
  );
  await at.line('kubectl logs -f talker | grep err', 3000);
  await at.world.lab.clock.advance(2000);
  const rows = await at.see();
  expect(rows).toMatch(/err \d+/);
  expect(rows).not.toContain('fine');
  await at.type('\x03', 200);
  expect(await at.see()).toMatch(/\^C\n.*#$/s);
});

test('14: watch repaints the whole screen, Control-C gives it back', async () => {
  await at.line('clear; echo before', 100);
  const before = await at.screen();
  await at.line('watch -n 1 kubectl get po', 1500);
  const during = await at.screen();
  expect(at.alternate).toBe(true);
  expect(during).toMatch(/^Every 1\.0s: kubectl get po +workstation: .*\n\nNAME +READY/);
  await at.type('\x03', 200);
  const after = await at.screen();
  expect(at.alternate).toBe(false);
  expect(after.startsWith(before)).toBe(true);
  await at.see();
});

test('15: Control-C ends a loop and the rest of its line', async () => {
  await at.line('while true; do kubectl get po db; sleep 1; done; echo NO', 2500);
  await at.type('\x03', 200);
  expect(await at.see()).not.toContain('NO');
  expect(await answer('echo on')).toBe('on');
});

test('16: until it is ready', async () => {
  await at.line('kubectl run ready --image=nginx', 10);
  expect(await answer('until kubectl get po | grep -q ready.*Running; do sleep 1; done; echo UP', 20_000)).toBe('UP');
});

test('17: an endless loop of builtins ends within a tenth of a second', async () => {
  await at.line('while :; do :; done', 300);
  await at.type('\x03', 80);
  expect(await at.see()).toMatch(/\^C\n.*#$/s);
});

test("18 and 19: a container's own shell and files", async () => {
  await at.type('kubectl exec -it db -- sh\r', 1500);
  await at.type('echo inside > /tmp/f; cat /tmp/f\r', 300);
  expect(await at.see()).toMatch(/# echo inside > \/tmp\/f; cat \/tmp\/f\ninside\n(#|\/.* #)$/);
  await at.type('sleep 9\r', 500);
  await at.type('\x03', 300);
  await at.type('hostname\r', 300);
  expect(await at.see()).toMatch(/\^C\n(#|\/.* #) hostname\ndb\n/);
  await at.type('exit\r', 300);
  await at.see();
  expect(await answer('ls /tmp/f')).toBe("ls: cannot access '/tmp/f': No such file or directory");
});

test('20 to 22: pipes out of and into containers', async () => {
  expect(await answer('kubectl exec db -- cat /etc/os-release | cut -d= -f2')).toMatch(/Debian|Alpine/);
  expect(await answer("echo 'hostname' | kubectl exec -i db -- sh")).toBe('db');
  expect(await answer('echo -n s3cret | base64 | base64 -d; echo')).toBe('s3cret');
});

test('23: sed edits in place', async () => {
  await at.line("printf 'spec:\\n    image: nginx:1.14\\n' > d.yaml");
  expect(await answer("sed -i 's/1.14/1.25/' d.yaml; cat d.yaml")).toBe('spec:\n    image: nginx:1.25');
});

test('24 to 27: awk, command substitution, lists, redirections', async () => {
  expect(await answer("kubectl get po | awk 'NR>1{print $1}' | sort | head -1")).toBe('db');
  expect(await answer('kubectl delete $(kubectl get po -o name | grep web | head -1)', 40_000)).toBe(
    'pod "web-3" deleted',
  );
  expect(await answer('kubectl delete nope && echo yes || echo no')).toBe(
    'error: the server doesn\'t have a resource type "nope"\nno',
  );
  expect(
    await answer('kubectl delete pod nope 2>&1 | grep -c NotFound; kubectl delete pod nope 2>/dev/null; echo $?'),
  ).toBe('1\n1');
});

test('28: a command that is not there', async () => {
  expect((await answer('kubctl get po; echo $?')).split('\n')).toEqual(
    expect.arrayContaining(['bash: kubctl: command not found', '127']),
  );
});

test('what cannot be run leaves the terminal to the shell', async () => {
  expect(await answer('./nosuch')).toBe('bash: ./nosuch: No such file or directory');
  expect(await answer('/etc')).toBe('bash: /etc: Is a directory');
  expect(await answer('echo "$?"')).toBe('126');
});

test('29: functions keep the shell they are in', async () => {
  await at.line('cd /tmp');
  await at.line('NS=dev; g(){ echo ns=$NS in $PWD; }');
  expect(await answer('g')).toBe('ns=dev in /tmp');
  await at.line('cd');
});

test('30 and 31: read and cat wait for the keyboard', async () => {
  expect(await at.line('read -p "delete? [y/N] " a; [[ $a == y ]] && echo bye')).toMatch(/\ndelete\? \[y\/N\]$/);
  await at.type('y\r', 100);
  expect(await at.see()).toMatch(/y\nbye\n/);
  await at.type('cat > n.txt\rtext\r\x04', 100);
  expect(await answer('cat n.txt')).toBe('text');
});

test('32 to 34: yes ends, timeout gives 124, jobs run at once', async () => {
  expect(await answer('yes | head -2')).toBe('y\ny');
  expect(await answer('timeout 5 kubectl logs -f db > /dev/null; echo $?', 8000)).toBe('124');
  const times = await answer('for i in 1 2 3; do sleep 1 & done; time wait', 5000);
  expect(Number(/real +0m([\d.]+)s/.exec(times)?.[1])).toBeLessThan(1.5);
  await at.line('');
});

test('35 to 37: groups, conditionals, expansions', async () => {
  expect(await answer('(cd /; pwd); { echo a; echo b; } | wc -l; tr a-z A-Z <<< shout; pwd')).toBe(
    '/\n2\nSHOUT\n/root',
  );
  expect(await answer('[[ web-6d4cf-x7k2p =~ ^(.*)-[^-]+-[^-]+$ ]] && echo ${BASH_REMATCH[1]}')).toBe('web');
  expect(await answer('v=nginx:1.25; echo ${v%:*} ${v##*:} pod-{a,b}{1..2}')).toBe(
    'nginx 1.25 pod-a1 pod-a2 pod-b1 pod-b2',
  );
});

test('38 and 39: a syntax error, an abandoned quote', async () => {
  expect(await answer('if true; done')).toBe("bash: syntax error near unexpected token `done'");
  expect(await answer('echo $?')).toBe('2');
  expect(await at.line("echo 'abc", 100)).toMatch(/\n>$/);
  await at.type('\x03', 100);
  expect(await at.see()).toMatch(/^> \^C\n.*#$/s);
});

test('40: a while loop reads what kubectl prints', async () => {
  const lines = await answer(`kubectl get po -o name | while IFS=/ read -r k n; do echo "$n is a $k"; done`);
  expect(lines).toContain('db is a pod\np1 is a pod\np2 is a pod\np3 is a pod\nready is a pod\ntalker is a pod');
});

test('tools look at process substitutions as at files', async () => {
  expect(await answer('diff <(echo a) <(echo b)')).toBe('1c1\n< a\n---\n> b');
  expect(await answer('comm -12 <(seq 3) <(seq 2 4)')).toBe('2\n3');
  expect(await answer('echo x | stat -Lc %F /dev/stdin')).toBe('fifo');
});
