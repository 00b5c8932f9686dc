// AWS on loopback: moto behind a front of our own (aws/front.py), and before both an HTTPS service that can be made faulty.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { Authority } from './authority.ts';
import { cachedPart } from './cached.ts';
import { type Reply, type Service, startService } from './service.ts';

export interface Aws extends AsyncDisposable {
  readonly service: Service;
  readonly region: string;
  /** Makes a role that takes tokens of these subjects for `sts.amazonaws.com`. @returns its ARN */
  role(name: string, subjects: readonly string[]): Promise<string>;
  /** What the role may do: `actions` without their service, `resource` an ARN with wildcards. */
  allow(role: string, statements: readonly Statement[]): Promise<void>;
  /** Adds a version, which becomes AWSCURRENT unless it is said otherwise. */
  put(
    name: string,
    value: string | Uint8Array,
    stages?: readonly string[],
  ): Promise<{ ARN: string; VersionId: string }>;
  /** Sets fields of a secret as moto calls them: `next_rotation_date`, `rotation_enabled` … */
  facts(name: string, facts: Readonly<Record<string, unknown>>): Promise<void>;
  markDeleted(name: string): Promise<void>;
  endSessions(): Promise<void>;
}

export interface Statement {
  readonly actions: readonly string[];
  readonly resource: string;
}

const folder = join(import.meta.dirname, 'aws');

const python = () => join(cachedPart('moto', join(folder, 'requirements.txt')), 'bin', 'python');

/** Why the suite cannot run here; `undefined` where it can. */
export function lackingAws(): string | undefined {
  return existsSync(python()) ? undefined : 'moto is missing: .ci/run installs it';
}

export async function startAws(authority: Authority, issuer: string): Promise<Aws> {
  const front = await startFront(issuer);
  const service = await startService(authority);
  service.answer = async ({ method, url, headers, body }) => {
    const { connection: _, 'transfer-encoding': __, ...signed } = headers;
    return await front.ask({ method, path: `${url.pathname}${url.search}`, headers: signed as Headers, body });
  };
  const arrange = async (verb: string, want: unknown): Promise<unknown> => {
    const answer = await front.ask({ method: 'POST', path: `/_test/${verb}`, headers: {}, body: JSON.stringify(want) });
    if (answer.status !== 200) throw new Error(`front.py cannot arrange ${verb}: ${answer.body}`);
    return JSON.parse(answer.body);
  };
  return {
    service,
    region: 'eu-west-1',
    role: async (name, subjects) => {
      const host = issuer.replace(/^https?:\/\//, '');
      const condition = { [`${host}:aud`]: 'sts.amazonaws.com', [`${host}:sub`]: subjects };
      const trust = {
        Effect: 'Allow',
        Action: 'sts:AssumeRoleWithWebIdentity',
        Principal: { Federated: front.provider },
        Condition: { StringEquals: condition },
      };
      await arrange('role', { name, trust: { Version: '2012-10-17', Statement: [trust] } });
      return `arn:aws:iam::123456789012:role/${name}`;
    },
    allow: async (name, statements) => {
      const Statement = statements.map(({ actions, resource }) => ({
        Effect: 'Allow',
        Action: actions.map((action) => `secretsmanager:${action}`),
        Resource: resource,
      }));
      await arrange('policy', { name, policy: { Version: '2012-10-17', Statement } });
    },
    put: async (name, value, stages) => {
      const content = typeof value === 'string' ? { text: value } : { base64: Buffer.from(value).toString('base64') };
      const made = await arrange('secret', { name, ...content, ...(stages === undefined ? {} : { stages }) });
      return made as { ARN: string; VersionId: string };
    },
    facts: async (name, facts) => void (await arrange('facts', { name, facts })),
    markDeleted: async (name) => void (await arrange('delete', { name })),
    endSessions: async () => void (await arrange('end-sessions', {})),
    [Symbol.asyncDispose]: async () => {
      await service[Symbol.asyncDispose]();
      await front.end();
    },
  };
}

type Headers = Readonly<Record<string, string>>;

interface FrontRequest {
  readonly method: string;
  readonly path: string;
  /** Those that are signed have to arrive as they are, `host` too. */
  readonly headers: Headers;
  readonly body: string;
}

interface Front {
  /** The ARN of the identity provider. */
  readonly provider: string;
  ask(request: FrontRequest): Promise<Reply>;
  end(): Promise<void>;
}

async function startFront(issuer: string): Promise<Front> {
  const child = spawn(python(), [join(folder, 'front.py'), '0', issuer], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    void ended.then(() => reject(new Error('front.py ended before it was ready')));
  });
  const [, port = '', provider = ''] = line.split(' ');
  return {
    provider,
    ask: (question) => askFront(Number(port), question),
    end: async () => {
      child.kill();
      await ended;
    },
  };
}

function askFront(port: number, { body, ...question }: FrontRequest): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port, ...question }, async (answer) => {
      const type = answer.headers['content-type'] ?? 'text/plain';
      resolve({ status: answer.statusCode ?? 0, headers: { 'content-type': type }, body: await text(answer) });
    });
    asking.on('error', reject).end(body);
  });
}
