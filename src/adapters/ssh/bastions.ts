// Streams to servers: directly, or through one bastion or several. Each bastion is opened once and shared by all
// servers.
import type { Duplex } from 'node:stream';
import type { Credentials } from './connect.ts';
import { attempt, directly } from './connect.ts';
import { joinWrites } from './socket.ts';
import type { Attempt, Jump, Target } from './target.ts';
import { address, cancelled, failed, failureOf } from './target.ts';

export class Bastions implements AsyncDisposable {
  readonly #jumps: readonly Jump[];
  readonly #credentials: Credentials;
  readonly #open = new Map<number, Promise<Attempt>>();
  readonly #end = new AbortController();

  constructor(jumps: readonly Jump[], credentials: Credentials) {
    this.#jumps = jumps;
    this.#credentials = credentials;
  }

  /**
   * The names of the connection limits for `target`: the number of handshakes at a time is limited through a bastion,
   * too.
   */
  limitNames(target: Jump): readonly string[] {
    return [...this.#jumps.map((jump) => `through ${jump.host}:${jump.port}`), `to ${target.host}:${target.port}`];
  }

  /**
   * Opens the bastions for `server` in advance, so that they do not count against the time limit of its own connection.
   */
  async prepare(server: string, signal: AbortSignal): Promise<Attempt<undefined>> {
    if (this.#jumps.length === 0) return { kind: 'open', to: undefined };
    const last = await this.#bastion(this.#jumps.length - 1, server, signal);
    return last.kind === 'open' ? { kind: 'open', to: undefined } : last;
  }

  /** A stream to `target` through all bastions. */
  streamTo(target: Target, signal: AbortSignal): Promise<Attempt<Duplex>> {
    return this.#through(this.#jumps.length - 1, target, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    const last = [...this.#open.entries()].sort(([one], [other]) => other - one);
    for (const [, opening] of last) {
      const bastion = await opening;
      if (bastion.kind === 'open') await bastion.to[Symbol.asyncDispose]();
    }
  }

  async #through(index: number, target: Target, signal: AbortSignal): Promise<Attempt<Duplex>> {
    const jump = this.#jumps[index];
    if (jump === undefined) return directly(target, signal);
    const bastion = await this.#bastion(index, target.server, signal);
    if (bastion.kind === 'failed') return bastion;
    const forwarded = await bastion.to.forward(target.host, target.port);
    const name = `the bastion ${address(jump)}`;
    switch (forwarded.kind) {
      case 'open':
        return { kind: 'open', to: joinWrites(forwarded.channel) };
      case 'lost':
        return failed(
          failureOf('UNREACHABLE', target, `cannot be reached: ${name} is gone (${forwarded.why})`),
          'may help',
        );
      case 'refused':
        if (forwarded.reason === 1)
          return failed(
            failureOf('UNREACHABLE', target, `cannot be reached: ${name} does not forward connections`, {
              hint: forwardHint,
            }),
          );
        return failed(
          failureOf('UNREACHABLE', target, `cannot be reached from ${name} (${forwarded.why})`),
          'may help',
        );
    }
  }

  /**
   * Shared by all servers. A refused login or host key is final: retrying it for each server would get the runner's
   * address blocked.
   */
  async #bastion(index: number, server: string, signal: AbortSignal): Promise<Attempt> {
    const jump = this.#jumps[index];
    if (jump === undefined) throw new RangeError(`there is no bastion ${index}`);
    const target = { ...jump, server, label: `The bastion ${address(jump)}` };
    const opening = this.#open.get(index) ?? this.#begin(index, target);
    const aborted = new Promise<Attempt>((resolve) =>
      signal.addEventListener('abort', () => resolve(failed(cancelled(target))), { once: true }),
    );
    return signal.aborted ? failed(cancelled(target)) : Promise.race([opening, aborted]);
  }

  #begin(index: number, target: Target): Promise<Attempt> {
    const opening = attempt(this.#credentials, {
      target,
      limitedBy: [`to ${target.host}:${target.port}`],
      openStream: (signal) => this.#through(index - 1, target, signal),
      mayLogIn: async (login) => void (await login()),
      signal: this.#end.signal,
    });
    this.#open.set(index, opening);
    const forget = (): void => {
      if (this.#open.get(index) === opening) this.#open.delete(index);
    };
    void opening.then((result) => {
      if (result.kind === 'open') result.to.onLost(forget);
      else if (result.again === 'may help') forget();
    });
    return opening;
  }
}

const forwardHint =
  'Allow it in sshd_config of the bastion: AllowTcpForwarding yes (or `local`), and PermitOpen for this target.';
