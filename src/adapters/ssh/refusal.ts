// Explains why a connection failed, from what `ssh2` reports and from what the server sent before that.
import { offered } from './algorithms.ts';
import type { Banner, ServerAlgorithms } from './banner.ts';
import { printable } from './banner.ts';
import type { HostKeyCheck } from './host-keys.ts';
import type { LoginKey, LoginResult } from './login.ts';
import type { Attempt, Target } from './target.ts';
import { failed, failureOf } from './target.ts';

export interface Circumstances {
  readonly target: Target;
  readonly key: LoginKey;
  readonly check: HostKeyCheck;
  readonly banner: Banner;
}

/** The failure of a login that did not succeed. */
export function explain(
  result: Exclude<LoginResult, { kind: 'open' | 'aborted' }>,
  about: Circumstances,
): Attempt<never> {
  const { target, key, check, banner } = about;
  switch (result.kind) {
    case 'refused':
      return failed(refusal(result, target, key));
    case 'not offered':
      return failed(result.failure);
    case 'no agent':
      return failed(
        failureOf('KEY_INVALID', target, `needs a key, and the SSH agent cannot be used: ${printable(result.why)}`, {
          hint: 'Start the agent before this step, or give `ssh-private-key`.',
        }),
      );
    case 'host denied':
      return failed(check.failure ?? failureOf('HOST_KEY_UNKNOWN', target, 'shows a host key that is not trusted'));
    case 'no common algorithm':
      return failed(mismatch(target, banner));
    case 'lost':
      return lost(result, target, banner);
  }
}

function refusal({ key: answer, left }: Extract<LoginResult, { kind: 'refused' }>, target: Target, key: LoginKey) {
  const name = key.kind === 'key' ? `the key ${key.fingerprint}` : 'the keys of the agent';
  const others = printable(left.join(', '));
  if (answer === 'taken')
    return failureOf('AUTH_REFUSED', target, `takes ${name}, but asks for more than that: ${others}`, {
      hint: moreHint,
    });
  if (others !== '' && !left.includes('publickey'))
    return failureOf('AUTH_REFUSED', target, `takes no keys for this user, only: ${others}`, { hint: keysHint });
  return failureOf(
    'AUTH_REFUSED',
    target,
    `refuses the login with ${name}`,
    key.kind === 'key' ? {} : { hint: agentHint },
  );
}

const moreHint =
  'Let this user in with a key alone: `AuthenticationMethods publickey`, in a `Match User` block of sshd_config on the server.';
const keysHint =
  'Allow keys for this user in sshd_config on the server: `PubkeyAuthentication yes`, and no `AuthenticationMethods` without `publickey`.';
const agentHint =
  'Check the user name, that the agent holds the right key (`ssh-add -l` in a step before this one) and only few others, since sshd accepts no more than MaxAuthTries attempts, and the log of sshd on the server.';

function lost({ why, stage }: Extract<LoginResult, { kind: 'lost' }>, target: Target, banner: Banner): Attempt<never> {
  switch (banner.kind) {
    case 'dropped': {
      const again = banner.reason.startsWith('Exceeded') ? 'may help' : 'useless';
      return failed(
        failureOf('SERVER_DROPPED', target, `closed the connection before the login: "${banner.reason}"`, {
          hint: dropHints[again],
        }),
        again,
      );
    }
    case 'foreign':
      return failed(foreign(banner.text, target));
    case 'silence':
      return failed(
        failureOf('UNREACHABLE', target, `closed the connection without a message${inBrackets(why)}`),
        'may help',
      );
    case 'ssh': {
      const when = stage === 'in login' ? 'during the login' : 'during the handshake';
      const failure = failureOf('SERVER_DROPPED', target, `closed the connection ${when}${inBrackets(why)}`, {
        hint: brokenHint,
      });
      return failed(failure, stage === 'in login' ? 'useless' : 'may help');
    }
  }
}

function inBrackets(why: string | undefined): string {
  return why === undefined ? '' : ` (${printable(why)})`;
}

function foreign(text: string, target: Target) {
  return failureOf('UNREACHABLE', target, `is not an SSH server; it says "${text}"`, {
    hint: 'Check `host` and `port` in the configuration.',
  });
}

/**
 * The failure of an attempt that took longer than `milliseconds`. `banner`: what the server had sent by then;
 * `undefined`: there was no connection yet.
 */
export function explainDelay(banner: Banner | undefined, target: Target, milliseconds: number): Attempt<never> {
  const limit = `within ${milliseconds / 1000} s`;
  switch (banner?.kind) {
    case undefined:
      return failed(failureOf('UNREACHABLE', target, `did not answer ${limit}`), 'may help');
    case 'silence':
      return failed(
        failureOf('UNREACHABLE', target, `accepted the connection but sent nothing ${limit}`, { hint: silenceHint }),
        'may help',
      );
    case 'foreign':
      return failed(foreign(banner.text, target));
    case 'dropped':
    case 'ssh':
      return failed(
        failureOf('UNREACHABLE', target, `did not complete the login ${limit}`, { hint: delayHint }),
        'may help',
      );
  }
}

const silenceHint = 'Check that `port` is the one of sshd, and whether sshd hangs on the server.';
const delayHint =
  'Look at the load of the server and at the log of sshd, or give it more time with `ssh.connect_timeout`.';

const brokenHint =
  'Read the log of sshd on the server, and look for what cuts connections on the way to it: a firewall, a load balancer, fail2ban.';

const dropHints = {
  'may help': 'Too many connections at the same time. Lower `ssh.max_connecting`, or raise MaxStartups on the server.',
  useless:
    'sshd has locked the address of the runner out for a while (PerSourcePenalties), mostly after refused logins. Fix the key first, then wait.',
} as const;

/**
 * The failure of a connect below SSH. A name may have several addresses: then each of them failed, and Node reports the
 * error of the first for all.
 */
export function explainSocket(error: unknown, target: Target): Attempt<never> {
  const codes = (error instanceof AggregateError ? error.errors : [error]).map(codeOf);
  const [, known] = Object.entries(socketTroubles).find(([code]) => codes.includes(code)) ?? [];
  const what = known ?? `cannot be reached (${codes[0] === '' ? printable(String(error)) : codes[0]})`;
  return failed(failureOf('UNREACHABLE', target, what, { cause: error }), 'may help');
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/**
 * The most informative error comes first: a runner without IPv6 has no route to one of two addresses, which says
 * nothing about the server.
 */
const socketTroubles: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses the connection: nothing listens on that port',
  ENOTFOUND: 'cannot be reached: no such host name',
  EAI_AGAIN: 'cannot be reached: the name server did not answer',
  EHOSTUNREACH: 'cannot be reached: no route to that host',
  ETIMEDOUT: 'cannot be reached: the connection timed out',
  ENETUNREACH: 'cannot be reached: no route to that network',
};

const titles = {
  kex: 'key exchange (KexAlgorithms)',
  serverHostKey: 'host keys (HostKeyAlgorithms)',
  cipher: 'ciphers (Ciphers)',
  hmac: 'message codes (MACs)',
} as const;

function mismatch(target: Target, banner: Banner) {
  const server: ServerAlgorithms | undefined = banner.kind === 'ssh' ? banner.algorithms : undefined;
  for (const kind of ['kex', 'serverHostKey', 'cipher', 'hmac'] as const) {
    const theirs = server?.[kind] ?? [];
    if (theirs.length === 0 || theirs.some((name) => offered[kind].includes(name))) continue;
    const modern = kind === 'kex' && theirs.every((name) => /^(mlkem|sntrup)/.test(name)) ? 'only post-quantum ' : '';
    return failureOf(
      'NO_COMMON_ALGORITHM',
      target,
      `offers ${modern === '' ? 'nothing that we know' : `${modern}algorithms, which we do not have,`} for ${titles[kind]}: ${theirs.slice(0, 8).join(', ')}`,
      {
        hint: `Allow one of these in sshd_config on the server: ${offered[kind].join(', ')}.`,
      },
    );
  }
  return failureOf('NO_COMMON_ALGORITHM', target, 'has no algorithm in common with us');
}
