import { FewMap } from '../../sim/few-map';
import { defaultAction } from './signals';
import type { SignalName, Signals } from './types';

type Handler = (signal: SignalName) => void;
type Disposition = 'ignore' | Handler;

export type Action =
  { readonly kind: 'ignore' | 'stop' | 'terminate' } | { readonly kind: 'handle'; readonly handler: Handler };

/** What a process does about signals (`sighand_struct`). A fork inherits all, an exec only what is ignored. */
export class SignalState implements Signals {
  #dispositions: FewMap<SignalName, Disposition> | undefined;

  /** A forked part of a program sets up handlers of its own: those of the parent close over the parent's state. */
  constructor(parent: SignalState | undefined, ignored: readonly SignalName[]) {
    if (parent !== undefined && parent.#dispositions !== undefined) {
      for (const [signal, disposition] of parent.#dispositions) {
        if (disposition === 'ignore') this.#own().set(signal, disposition);
      }
    }
    for (const signal of ignored) this.#own().set(signal, 'ignore');
  }

  #own(): FewMap<SignalName, Disposition> {
    return (this.#dispositions ??= new FewMap<SignalName, Disposition>());
  }

  handle(signal: SignalName, handler: Handler): () => void {
    return this.#set(signal, handler);
  }

  ignore(signal: SignalName): () => void {
    return this.#set(signal, 'ignore');
  }

  reset(signal: SignalName): void {
    this.#dispositions?.delete(signal);
  }

  #set(signal: SignalName, disposition: Disposition): () => void {
    const before = this.#own().get(signal);
    this.#own().set(signal, disposition);
    return () => {
      if (before === undefined) this.#own().delete(signal);
      else this.#own().set(signal, before);
    };
  }

  disposition(signal: SignalName): 'default' | 'ignore' | 'handler' {
    const disposition = this.#dispositions?.get(signal);
    if (disposition === undefined) return 'default';
    return disposition === 'ignore' ? 'ignore' : 'handler';
  }

  afterExec(): void {
    if (this.#dispositions === undefined) return;
    for (const [signal, disposition] of this.#own()) {
      if (disposition !== 'ignore') this.#own().delete(signal);
    }
  }

  /** Init of a pid namespace has no default actions, but for SIGKILL and SIGSTOP from outside (pid_namespaces(7)). */
  actionFor(signal: SignalName, isInit: boolean): Action {
    const unconditional = signal === 'SIGKILL' || signal === 'SIGSTOP';
    const disposition = unconditional ? undefined : this.#dispositions?.get(signal);
    if (disposition === 'ignore') return { kind: 'ignore' };
    if (disposition !== undefined) return { kind: 'handle', handler: disposition };
    if (isInit && !unconditional) return { kind: 'ignore' };
    switch (defaultAction(signal)) {
      case 'ignore':
      case 'continue':
        return { kind: 'ignore' };
      case 'stop':
        return { kind: 'stop' };
      default:
        return { kind: 'terminate' };
    }
  }
}
