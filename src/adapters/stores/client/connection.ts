import type { ClientRequestArgs } from 'node:http';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import type { Secret } from '../../../domain/secrets/secret.ts';
import { proxyFor, tunnel, type Variables } from './proxy.ts';

export interface TlsChoices {
  /** PEM; replaces the authorities that Node trusts. */
  readonly ca?: string;
  /** PEM of our own certificate, with `key`. */
  readonly cert?: string;
  readonly key?: Secret;
}

/** The connections to one store, kept for its next requests. */
export interface Connections extends Disposable {
  agent(url: URL): HttpAgent;
}

/** TLS 1.2 or newer, always verified; plain connections are for loopback only, which the caller sees to. */
export function openConnections(tls: TlsChoices, variables: Variables): Connections {
  const plain = new HttpAgent({ keepAlive: true });
  const secure = new StoreAgent(tls, variables);
  return {
    agent: (url) => (url.protocol === 'http:' ? plain : secure),
    [Symbol.dispose]: () => {
      plain.destroy();
      secure.destroy();
    },
  };
}

type Created = (error: Error | null, socket: Duplex) => void;

class StoreAgent extends HttpsAgent {
  readonly #variables: Variables;

  constructor({ ca, cert, key }: TlsChoices, variables: Variables) {
    super({
      keepAlive: true,
      maxSockets: 16,
      minVersion: 'TLSv1.2',
      rejectUnauthorized: true,
      ALPNProtocols: ['http/1.1'],
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key: key.reveal() }),
    });
    this.#variables = variables;
  }

  override createConnection(options: ClientRequestArgs, created: Created): Duplex | null | undefined {
    const host = options.host ?? '';
    const port = Number(options.port);
    const url = new URL(`https://${isIP(host) === 6 ? `[${host}]` : host}:${port}`);
    const proxy = proxyFor(url, this.#variables);
    if (proxy === undefined) return super.createConnection(options, created);
    const servername = isIP(host) === 0 ? host : '';
    tunnel(proxy, host, port).then(
      (socket) => created(null, connectTls({ ...this.options, host, servername, socket })),
      (error: Error) => created(error, null as unknown as Duplex),
    );
    return undefined;
  }
}
