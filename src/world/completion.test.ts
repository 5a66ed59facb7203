import { expect, test } from 'vitest';
import { Typist } from './testing/typist';

/** The last row, the menu below a line included. */
const rows = async (typist: Typist): Promise<readonly string[]> => (await typist.screen()).split('\n');

test('Tab completes kubectl and docker from what is live, with nothing sourced', { timeout: 60_000 }, async () => {
  const typist = await Typist.sit();
  const line = async (keys: string): Promise<string> => {
    await typist.type(keys, 400);
    const found = (await rows(typist)).at(-1) ?? '';
    await typist.type('\x03', 200);
    return found;
  };
  await typist.line('kubectl create deployment web --image=nginx --replicas=2');
  await typist.line("bind 'set suggestions off'");
  expect(await line('kubectl get dep\t')).toMatch(/kubectl get deployments\.apps$/);
  expect(await line('kubectl rollout status deployment w\t')).toMatch(/status deployment web$/);
  expect(await line('k get pods -n kube-s\t')).toMatch(/-n kube-system$/);
  expect(await line('kubectl get pods --namespace=kube-s\t')).toMatch(/--namespace=kube-system$/);
  expect(await line('kubectl describe node contr\t')).toMatch(/node controlplane$/);
  expect(await line('kubectl config use-context kub\t')).toMatch(/kubernetes-admin@kubernetes$/);
  await typist.line('docker run -d --name shop nginx');
  expect(await line('docker stop sh\t')).toMatch(/docker stop shop$/);
  expect(await line('docker image rm ngi\t')).toMatch(/rm nginx:latest$/);
  expect(await line('docker network inspect bri\t')).toMatch(/inspect bridge$/);
  expect(await line('docker run --network ho\t')).toMatch(/--network host$/);
  expect(await line('ssh no\t')).toMatch(/ssh node$/);
  await typist.type('kubectl rollout re\t\t\t', 400);
  expect((await rows(typist)).slice(-2)).toEqual([
    'restart  (Restart a resource)',
    'resume   (Resume a paused resource)',
  ]);
  await typist.type('\t', 100);
  expect((await rows(typist)).at(-3)).toMatch(/kubectl rollout restart$/);
  await typist.type('\r', 100);
  expect((await rows(typist)).at(-1)).toMatch(/kubectl rollout restart$/);
});

test('the script of kubectl completion bash does the same', async () => {
  const typist = await Typist.sit();
  await typist.line('source <(kubectl completion bash); complete -o default -F __start_kubectl k');
  expect(await typist.line('complete -p k')).toContain('complete -o default -F __start_kubectl k\n');
  await typist.type('k get nodes contr\t', 800);
  expect((await rows(typist)).at(-1)).toMatch(/k get nodes controlplane$/);
  await typist.type('\x03k config use-context kubernetes-admin@\t', 800);
  expect((await rows(typist)).at(-1)).toMatch(/use-context kubernetes-admin@kubernetes$/);
  await typist.type('\x03kubectl rollout re\t', 800);
  expect((await rows(typist)).at(-1)).toMatch(/kubectl rollout res$/);
  await typist.type('\t\t', 800);
  expect((await rows(typist)).slice(-2)).toEqual([
    'restart  (Restart a resource)',
    'resume   (Resume a paused resource)',
  ]);
  await typist.type('\x03', 100);
  expect(await typist.line('kubctl; echo $?')).toMatch(
    /\nbash: kubctl: command not found\nCommand 'kubctl' not found, did you mean:\n {2}command 'kubectl' from deb kubectl \(\S+\)\n127\n/,
  );
});
