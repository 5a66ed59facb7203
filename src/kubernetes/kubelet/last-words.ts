import type { ContainerStatus } from '../../containers/containerd/cri';
import { decode } from '../../linux/io/bytes';
import type { FileSystem } from '../../linux/fs/types';
import type { Container } from '../api/core/pod-spec';
import { terminationFile } from './container-config';

/** A container's termination message: at most so many bytes; of a log its last lines. */
const MOST = 4096;
const LOG_LINES = 80;
const LOG_MOST = 2048;

/** What ended containers left to say, each read once. Upstream: kuberuntime_container.go getTerminationMessage */
export class LastWords {
  readonly #known = new Map<string, string>();

  constructor(
    readonly fs: FileSystem,
    readonly uid: string,
  ) {}

  of({ id, metadata, logPath, exitCode }: ContainerStatus, container: Container): string {
    let message = this.#known.get(id);
    if (message !== undefined) return message;
    const file = this.fs.readFile(terminationFile(this.uid, container.name, metadata.attempt));
    message = file.ok ? decode(file.value.subarray(0, MOST)) : '';
    if (message === '' && container.terminationMessagePolicy === 'FallbackToLogsOnError' && exitCode !== 0) {
      message = this.#fromLog(logPath);
    }
    this.#known.set(id, message);
    return message;
  }

  #fromLog(path: string): string {
    const log = this.fs.readText(path);
    const lines = log.ok ? log.value.split('\n').filter((line) => line !== '') : [];
    return lines
      .slice(-LOG_LINES)
      .map((line) => {
        const [, , tag, ...text] = line.split(' ');
        return `${text.join(' ')}${tag === 'P' ? '' : '\n'}`;
      })
      .join('')
      .slice(-LOG_MOST);
  }
}
