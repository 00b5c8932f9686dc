import type { Reference } from '../../secrets/reference.ts';
import { fillReference } from '../../secrets/reference.ts';
import type { Fallback, SecretRequest } from '../../secrets/request.ts';
import { parseNames } from '../../secrets/request.ts';
import type { DeliverSettings, StoreSettings, VaultAuthSettings, VaultSettings } from '../../secrets/settings.ts';
import type { DeliverForm } from '../schema/deliver.ts';
import type { MergedStage } from '../schema/file.ts';
import type { SecretForm } from '../schema/secrets.ts';
import type { StoreForm } from '../schema/stores.ts';

/** `undefined`: nobody named a stage, and `{stage}` stays as it is. */
type Stage = string | undefined;

export function storesOf(
  { stores }: Pick<MergedStage, 'stores'>,
  stage: Stage,
): Readonly<Record<string, StoreSettings>> {
  return Object.fromEntries(Object.entries(stores).map(([name, form]) => [name, storeOf(form, stage)]));
}

export function requestsOf({ secrets }: Pick<MergedStage, 'secrets'>, stage: Stage): readonly SecretRequest[] {
  return Object.entries(secrets).map(([name, form]) => requestOf(name, form, stage));
}

export function storeOf(form: StoreForm, stage: Stage): StoreSettings {
  const filled = filler(stage);
  switch (form.type) {
    case 'vault':
      return vaultOf(form, stage);
    case 'aws':
      return {
        type: 'aws',
        region: form.region,
        role: filled(form.role),
        audience: filled(form.audience),
        endpoint: form.endpoint,
        stsEndpoint: form.sts_endpoint,
        ca: form.ca,
      };
    case 'azure':
      return {
        type: 'azure',
        vault: filled(form.vault),
        tenant: form.tenant,
        client: form.client,
        cloud: form.cloud,
        audience: filled(form.audience),
        endpoint: form.endpoint,
        authority: form.authority,
        ca: form.ca,
      };
    case 'gcp':
      return {
        type: 'gcp',
        project: filled(form.project),
        provider: filled(form.provider),
        serviceAccount: filled(form.service_account),
        location: form.location,
        audience: filled(form.audience),
        endpoint: form.endpoint,
        stsEndpoint: form.sts_endpoint,
        iamEndpoint: form.iam_endpoint,
        ca: form.ca,
      };
    case 'sops':
      return { type: 'sops', path: filled(form.path), identity: referenceOf(form.identity, stage) };
    case 'command': {
      const [program = '', ...words] = form.run.map((word) => filled(word));
      return { type: 'command', run: [program, ...words], env: form.env, output: form.output, timeout: form.timeout };
    }
  }
}

function vaultOf(form: StoreForm & { readonly type: 'vault' }, stage: Stage): VaultSettings {
  const filled = filler(stage);
  return {
    type: 'vault',
    url: form.url,
    namespace: filled(form.namespace),
    auth: authOf(form.auth, stage),
    audience: filled(form.audience),
    ca: form.ca,
    cert: filled(form.cert),
    key: form.key === undefined ? undefined : referenceOf(form.key, stage),
    headers: form.headers,
  };
}

function authOf(form: (StoreForm & { readonly type: 'vault' })['auth'], stage: Stage): VaultAuthSettings {
  const filled = filler(stage);
  switch (form.method) {
    case 'jwt':
      return { method: 'jwt', mount: filled(form.mount), role: filled(form.role) };
    case 'token':
      return { method: 'token', token: referenceOf(form.token, stage) };
    case 'approle':
      return {
        method: 'approle',
        mount: filled(form.mount),
        roleId: filled(form.role_id),
        secretId: referenceOf(form.secret_id, stage),
      };
    case 'cert':
      return {
        method: 'cert',
        mount: filled(form.mount),
        name: filled(form.name),
        cert: filled(form.cert),
        key: referenceOf(form.key, stage),
      };
  }
}

/** One entry of `secrets`; its name has passed the schema. */
function requestOf(name: string, form: SecretForm, stage: Stage): SecretRequest {
  const names = parseNames(name) ?? { kind: 'single', name };
  const whole = 'from' in form ? form : undefined;
  const written = 'from' in form ? form.from : form;
  const from = {
    ...written,
    version: written.version ?? whole?.version,
    stage: written.stage ?? whole?.stage,
  };
  return {
    names,
    from: referenceOf(from, stage),
    maxAge: whole?.max_age,
    onStale: whole?.on_stale ?? 'warn',
    mask: whole?.mask === false ? 'shown' : 'masked',
    fallback: whole === undefined ? undefined : fallbackOf(whole, stage),
  };
}

function fallbackOf(form: Exclude<SecretForm, Reference>, stage: Stage): Fallback | undefined {
  if (form.fallback === undefined) return undefined;
  return {
    from: referenceOf(form.fallback, stage),
    when: form.fallback_when ?? 'unavailable',
    gated: form.allow_fallback === true ? 'allowed' : 'refused',
  };
}

export function deliveryOf(form: DeliverForm): DeliverSettings {
  const { to, format, mode, group, secrets, roles, allow_targets: allowTargets } = form;
  return { to, format, mode, group, secrets, roles, allowTargets };
}

function referenceOf(reference: Reference, stage: Stage): Reference {
  return stage === undefined ? reference : fillReference(reference, { stage });
}

/** Fills `{stage}`, as data. */
function filler(stage: Stage): <Text extends string | undefined>(text: Text) => Text {
  return (text) => (stage === undefined ? text : text?.replaceAll('{stage}', () => stage)) as typeof text;
}
