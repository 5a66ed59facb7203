import type { Response } from '../../linux/net/http/message';
import type { Detail } from '../../sim/trace';
import { aggregate } from './aggregator/proxy';
import { auditStage } from './audit/audit';
import { authenticateStage, impersonateStage } from './authentication/stages';
import { authorizeStage } from './authorization/stage';
import { flowStage } from './flowcontrol/flow-control';
import type { Exchange, Stage } from './rest/exchange';
import { negotiateStage } from './rest/negotiate';
import { plain, refuse } from './rest/respond';
import { noSuchPath, route } from './rest/route';
import { serve } from './rest/serve';
import { withWebhooks } from './rest/webhook-stage';

/** A stage, and what the trace says of it. */
interface NamedStage {
  readonly name: string;
  readonly run: Stage;
  /** What it found out; undefined where it had nothing to do. */
  readonly told: (exchange: Exchange) => string | undefined;
}

/**
 * The order of the list is the order of the server (DefaultBuildHandlerChain of apiserver's config.go, innermost last).
 * What serving a write goes through (decode, admission, validation, storage) is told by those who do it.
 */
export const pipeline: readonly NamedStage[] = [
  { name: 'request info', run: understood, told: () => undefined },
  { name: 'authenticate', run: authenticateStage, told: ({ user }) => user.name },
  { name: 'audit', run: auditStage, told: ({ audited }) => audited?.decision.level },
  { name: 'impersonate', run: impersonateStage, told: ({ user, impersonator }) => impersonator && user.name },
  { name: 'flow', run: flowStage, told: ({ flow }) => flow?.name },
  { name: 'authorize', run: authorizeStage, told: ({ info }) => `${info.verb || 'get'} ${info.resource || info.path}` },
  { name: 'aggregate', run: aggregate, told: () => undefined },
  { name: 'route', run: route, told: ({ kind }) => kind?.resource },
  { name: 'negotiate', run: negotiateStage, told: ({ negotiated: { as, format } }) => `${as} ${format}` },
  { name: 'serve', run: withWebhooks(serve), told: () => undefined },
];

/** 500 for a path that says too little: filters.WithRequestInfo. */
function understood({ info, request }: Exchange): Response | undefined {
  if (info.problem === undefined) return undefined;
  const why = `failed to create RequestInfo: ${info.problem}`;
  return plain(500, `Internal Server Error: ${JSON.stringify(request.url)}: ${why}\n`);
}

/** Runs the stages until one answers, and records in the trace what each of them decided. */
export async function runPipeline(exchange: Exchange): Promise<Response> {
  const { span, server } = exchange;
  const { trace } = server;
  for (const { name, run, told } of pipeline) {
    const answered = trace.within(span, () => run(exchange));
    const response = answered instanceof Promise ? await answered : answered;
    const subject = told(exchange);
    if (subject !== undefined)
      trace.within(span, () => trace.record('kube-apiserver', name, subject, verdictOf(exchange, name, response)));
    if (response !== undefined) return response;
  }
  return refuse(noSuchPath);
}

function verdictOf({ user, verdict }: Exchange, stage: string, response: Response | undefined): Detail {
  return {
    ...(response === undefined || response.status < 400 ? {} : { refused: response.status }),
    ...(stage === 'authenticate' ? { groups: user.groups } : {}),
    ...(stage === 'authorize' && verdict !== undefined ? { decision: verdict.decision, reason: verdict.reason } : {}),
  };
}
