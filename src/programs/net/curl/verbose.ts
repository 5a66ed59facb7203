import type { ClientEvent } from '../../../linux/net/http/client';
import { isIpv4 } from '../../../linux/net/dns/config';
import type { Url } from '../../../linux/net/http/url';
import { subjectText } from '../../../linux/net/tls/certificate';
import type { Process } from '../../../linux/process/types';
import { isTty } from '../streams';
import type { Report } from './transfer';

/** What `curl -v` tells on stderr, in the words of curl 8.14. */
export class Verbose {
  #text = '';
  constructor(
    readonly process: Process,
    readonly enabled: boolean,
  ) {}

  async note(text: string): Promise<void> {
    this.#line(`* ${text}`);
    await this.flush();
  }

  /** What was told since the last time; observers cannot wait. */
  async flush(): Promise<void> {
    const text = this.#text;
    this.#text = '';
    if (text !== '') await this.process.stderr.write(text);
  }

  async data(length: number): Promise<void> {
    if (!isTty(this.process, 1)) this.#line(`{ [${length} bytes data]`);
    await this.flush();
  }

  async end({ error, url, response }: Report): Promise<void> {
    if (error && response === undefined) {
      this.#line(`* ${error.message}`);
      this.#line('* closing connection #0');
    } else if (error) this.#line(`* closing connection #0`);
    else if (response && /close/i.test(response.headers.get('Connection') ?? ''))
      this.#line('* shutting down connection #0');
    else if (url) this.#line(`* Connection #0 to host ${url.host} left intact`);
    await this.flush();
  }

  observe(event: ClientEvent, url: Url, upload: number, insecure: boolean): void {
    switch (event.kind) {
      case 'resolved':
        if (isIpv4(url.host)) return;
        this.#line(`* Host ${url.host}:${url.port} was resolved.`);
        this.#line('* IPv6: (none)');
        this.#line(`* IPv4: ${event.addresses.join(', ')}`);
        return;
      case 'trying':
        this.#line(`*   Trying ${event.to.address}:${event.to.port}...`);
        return;
      case 'connect-failed':
        this.#line(
          `* connect to ${event.to.address} port ${event.to.port} from 0.0.0.0 port 0 failed: ${event.error.message}`,
        );
        return;
      case 'connected':
        // With TLS curl says so after the handshake.
        if (url.scheme !== 'https') this.#connected(url, event.remote.address);
        return;
      case 'tls': {
        const [leaf] = event.stream.peerChain;
        this.#line('* ALPN: curl offers h2,http/1.1');
        this.#line('* TLSv1.3 (OUT), TLS handshake, Client hello (1):');
        this.#line('* TLSv1.3 (IN), TLS handshake, Server hello (2):');
        this.#line('* TLSv1.3 (IN), TLS handshake, Certificate (11):');
        this.#line('* TLSv1.3 (OUT), TLS handshake, Finished (20):');
        this.#line('* SSL connection using TLSv1.3 / TLS_AES_128_GCM_SHA256 / X25519 / RSASSA-PSS');
        this.#line('* ALPN: server accepted http/1.1');
        if (leaf) {
          this.#line('* Server certificate:');
          this.#line(`*  subject: ${subjectText(leaf.subject).replaceAll(' = ', '=').replaceAll(', ', '; ')}`);
          this.#line(`*  start date: ${certificateDate(leaf.notBefore)}`);
          this.#line(`*  expire date: ${certificateDate(leaf.notAfter)}`);
          this.#line(`*  issuer: ${subjectText(leaf.issuer).replaceAll(' = ', '=').replaceAll(', ', '; ')}`);
          this.#line(
            event.stream.verified
              ? '*  SSL certificate verify ok.'
              : insecure
                ? '*  SSL certificate verify result: unable to get local issuer certificate (20), continuing anyway.'
                : '*  SSL certificate verify failed',
          );
        }
        this.#connected(url, undefined);
        return;
      }
      case 'sent':
        this.#line('* using HTTP/1.x');
        this.#line(`> ${event.line}`);
        for (const [name, value] of event.headers) this.#line(`> ${name}: ${value}`);
        this.#line('> ');
        if (upload > 0 && !isTty(this.process, 1)) this.#line(`} [${upload} bytes data]`);
        if (upload > 0) this.#line(`* upload completely sent off: ${upload} bytes`);
        else this.#line('* Request completely sent off');
        return;
      case 'received':
        this.#line(`< ${event.line}`);
        for (const [name, value] of event.headers) this.#line(`< ${name}: ${value}`);
        this.#line('< ');
    }
  }

  #connected(url: Url, address: string | undefined): void {
    this.#line(`* Connected to ${url.host} (${address ?? url.host}) port ${url.port}`);
  }

  #line(text: string): void {
    if (this.enabled) this.#text += `${text}\n`;
  }
}

/** `Nov 20 20:40:09 2026 GMT`. */
function certificateDate(instant: number): string {
  const [, day, month, year, time] = new Date(instant).toUTCString().split(' ');
  return `${month} ${(day ?? '').replace(/^0/, ' ')} ${time} ${year} GMT`;
}
