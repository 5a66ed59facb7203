import type { WebhookTransport } from '../kubernetes/apiserver/admission/webhook/transport';
import type { ServerNetwork } from '../kubernetes/apiserver/network';
import { decode, encode } from '../linux/io/bytes';
import { readBody } from '../linux/net/http/codec';
import { Headers } from '../linux/net/http/message';
import { err, ok } from '../sim/result';

/** Calls admission webhooks over the server's network. */
export const webhookTransport = (network: ServerNetwork): WebhookTransport => ({
  async post({ body, ...asked }) {
    const response = await network.request({
      ...asked,
      method: 'POST',
      headers: new Headers({
        'User-Agent': 'kube-apiserver-admission',
        Accept: 'application/json, */*',
        'Content-Type': 'application/json',
      }),
      body: encode(body),
    });
    if (!response.ok) return response;
    const { status, body: answer } = response.value;
    const bytes = await readBody(answer);
    if (answer.timedOut === true) return err('context deadline exceeded');
    return ok({ status, body: decode(bytes) });
  },
});
