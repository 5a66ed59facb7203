import type { BodyStream } from '../../../linux/net/http/message';

/** The same stream; `end` is called once when it is over or nobody reads it any longer. */
export function onEnd(body: BodyStream, end: () => void): BodyStream {
  let over = false;
  const once = (): void => {
    if (over) return;
    over = true;
    end();
  };
  return {
    async read() {
      const chunk = await body.read();
      if (chunk === undefined) once();
      return chunk;
    },
    cancel() {
      once();
      body.cancel();
    },
  };
}
