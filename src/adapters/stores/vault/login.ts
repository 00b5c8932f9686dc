import { Secret } from '../../../domain/secrets/secret.ts';
import type { StoreLimits } from '../../../ports/secret-store.ts';
import { refusesToken, type VaultApi, type VaultRequest } from './api.ts';
import type { VaultAuth, VaultConfig, VaultPorts } from './config.ts';
import { type Json, objectAt, textOf } from './json.ts';
import { loginRefused, withoutToken } from './login-refusal.ts';
import { encoded } from './place.ts';
import { endOf } from './times.ts';

export interface Vault {
  readonly config: VaultConfig;
  readonly ports: VaultPorts;
  readonly api: VaultApi;
}

export interface Token {
  readonly value: Secret;
  /** `batch` tokens can be neither renewed nor revoked, and their leases do not end with them. */
  readonly type: 'service' | 'batch';
  /** `given` by the configuration: it outlives the run, so it is not revoked. */
  readonly origin: 'login' | 'given';
  /** `undefined`: never, or not known. */
  readonly ends: Date | undefined;
  readonly renewable: 'renewable' | 'fixed';
}

/** @throws Failure `TRUST_REFUSED` with the reason that the store gives; what `idToken` throws; StoreUnavailable */
export async function logIn(vault: Vault, limits: StoreLimits): Promise<Token> {
  const { config, ports, api } = vault;
  const { auth } = config;
  if (auth.method === 'token') return await lookUp(vault, auth.token, limits);
  const { request, sent } = await loginOf(vault, auth);
  const answer = await api.ask(request, limits);
  if (answer.kind === 'refused') throw loginRefused({ store: ports.store, auth, sent }, answer);
  const given = objectAt(answer.body, 'auth');
  const value = textOf(given['client_token']);
  if (value === undefined) throw withoutToken({ store: ports.store, auth, sent }, given);
  const token = new Secret(`token of ${ports.store}`, value);
  ports.mask(token);
  return {
    value: token,
    type: given['token_type'] === 'batch' ? 'batch' : 'service',
    origin: 'login',
    ends: endOf(ports.clock.now(), given['lease_duration']),
    renewable: given['renewable'] === true ? 'renewable' : 'fixed',
  };
}

interface Login {
  readonly request: VaultRequest;
  /** What the refusal must not show again. */
  readonly sent: readonly Secret[];
}

async function loginOf({ config, ports }: Vault, auth: Exclude<VaultAuth, { method: 'token' }>): Promise<Login> {
  switch (auth.method) {
    case 'jwt': {
      const jwt = await ports.idToken(config.audience ?? new URL(config.url).origin);
      ports.mask(jwt);
      return { request: login(auth.mount, { role: auth.role, jwt: jwt.reveal() }), sent: [jwt] };
    }
    case 'approle': {
      const { mount, roleId, secretId } = auth;
      ports.mask(secretId);
      return { request: login(mount, { role_id: roleId, secret_id: secretId.reveal() }), sent: [secretId] };
    }
    case 'cert':
      return { request: login(auth.mount, auth.name === undefined ? {} : { name: auth.name }), sent: [] };
  }
}

function login(mount: string, body: Json): VaultRequest {
  return { verb: 'write', path: `auth/${encoded(mount.split('/'))}/login`, body };
}

/** Proves that a given token is taken, before anything is asked with it. A policy may keep it from looking at itself. */
async function lookUp({ config, ports, api }: Vault, value: Secret, limits: StoreLimits): Promise<Token> {
  ports.mask(value);
  const answer = await api.ask({ verb: 'read', path: 'auth/token/lookup-self', token: value }, limits);
  if (answer.kind === 'refused') {
    if (answer.status !== 403 || refusesToken(answer))
      throw loginRefused({ store: ports.store, auth: config.auth, sent: [value] }, answer);
    return { value, type: 'service', origin: 'given', ends: undefined, renewable: 'fixed' };
  }
  const { type, ttl, renewable } = objectAt(answer.body, 'data');
  return {
    value,
    type: type === 'batch' ? 'batch' : 'service',
    origin: 'given',
    ends: endOf(ports.clock.now(), ttl),
    renewable: renewable === true ? 'renewable' : 'fixed',
  };
}
