import { parseArgs } from 'node:util';

/** What `npm run bridge` was asked to do. */
export interface BridgeArguments {
  readonly seed: number;
  readonly topology: string;
  /** 0: any free one. */
  readonly port: number;
  readonly kubeconfig: string | undefined;
  readonly dockerSocket: string | undefined;
  readonly speed: number;
}

export const usage = `Usage: npm run --silent bridge -- [--seed N] [--topology NAME] [--port P] [--kubeconfig FILE] [--docker-socket FILE] [--speed X]
Serves a simulated lab to real clients on loopback.
`;

/** Reads the command line; the error is for standard error, with status 2. */
export function parseArguments(args: readonly string[]): BridgeArguments | { readonly error: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        seed: { type: 'string', default: '7' },
        topology: { type: 'string', default: 'seed' },
        port: { type: 'string', default: '0' },
        kubeconfig: { type: 'string' },
        'docker-socket': { type: 'string' },
        speed: { type: 'string', default: '1' },
      },
    });
    return {
      seed: whole('seed', values.seed),
      topology: values.topology,
      port: whole('port', values.port),
      kubeconfig: values.kubeconfig,
      dockerSocket: values['docker-socket'],
      speed: positive('speed', values.speed),
    };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (text === '' || !Number.isSafeInteger(value)) throw new Error(`--${name}: not an integer: ${text}`);
  return value;
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new Error(`--${name}: not a positive number: ${text}`);
  return value;
}
