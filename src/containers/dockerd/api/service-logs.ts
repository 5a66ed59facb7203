import { encode } from '../../../linux/io/bytes';
import type { Response } from '../../../linux/net/http/message';
import type { Container } from '../container';
import type { LogLine } from '../json-log';
import type { Service } from '../../swarm/objects';
import { swarmOf } from './swarm-common';
import { failure, flag, frame, Stream, type Call } from './respond';

/** GET /services/{id}/logs: lines of all its tasks; `details` says before each whose it is (daemon/cluster/services.go). */
export function serviceLogs(call: Call, service?: Service): Response {
  const { query, engine, params } = call;
  const { agent, store, node } = swarmOf(call);
  const [out, err] = [flag(query, 'stdout'), flag(query, 'stderr')];
  if (!out && !err) return failure({ status: 400, message: 'Bad parameters: you must choose at least one stream' });
  const stream = new Stream(engine.options.clock);
  const since = Number(query.get('since') ?? '0') * 1000;
  const tail = /^\d+$/.test(query.get('tail') ?? '') ? Number(query.get('tail')) : Infinity;
  const own = (): readonly (readonly [string, Container])[] =>
    [...agent.containers].filter(([id]) =>
      service === undefined ? id.startsWith(params[0] ?? '') : store.tasks.get(id)?.ServiceID === service.ID,
    );
  const send = (id: string, { log, stream: of, time }: LogLine): void => {
    if (!(of === 'stdout' ? out : err) || Date.parse(time) < since) return;
    const [whole = '', fraction = ''] = time.slice(0, -1).split('.');
    const stamp = flag(query, 'timestamps') ? `${whole}.${fraction.padEnd(9, '0')}Z ` : '';
    const context = `com.docker.swarm.node.id=${node.ID},com.docker.swarm.service.id=${store.tasks.get(id)?.ServiceID ?? ''},com.docker.swarm.task.id=${id}`;
    const details = flag(query, 'details') ? `${context} ` : '';
    stream.write(frame(of === 'stdout' ? 1 : 2, encode(`${stamp}${details}${log}`)));
  };
  const lines = own().flatMap(([id, { log }]) => {
    const all = log.read();
    return all.slice(Math.max(0, all.length - tail)).map((line) => ({ id, line }));
  });
  for (const { id, line } of lines.sort((a, b) => (a.line.time < b.line.time ? -1 : a.line.time > b.line.time ? 1 : 0)))
    send(id, line);
  if (!flag(query, 'follow')) {
    stream.end();
    return stream.response('application/vnd.docker.multiplexed-stream');
  }
  const followed = new Map<string, () => void>();
  const follow = (): void => {
    for (const [id, container] of own()) {
      if (followed.has(id)) continue;
      const end = container.log.listen(
        (line) => send(id, line),
        () => undefined,
      );
      followed.set(id, end);
    }
  };
  follow();
  store.watch(follow);
  stream.onCancel(() => {
    for (const end of followed.values()) end();
  });
  return stream.response('application/vnd.docker.multiplexed-stream');
}
