import {
  BatchGetSecretValueCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { fromWebToken } from '@aws-sdk/credential-provider-web-identity';
import { Secret } from '../../domain/secrets/secret.ts';
import type { SecretStore, StoreLimits } from '../../ports/secret-store.ts';
import { type AwsSession, type Called, called, endsSession, noCredentials, trusted } from './aws-calls.ts';
import { awsAudience, awsEndpoint } from './aws-endpoints.ts';
import { sdkHandler } from './aws-handler.ts';
import { checkSecrets, readSecrets } from './aws-read.ts';
import { untilDeadline } from './client/attempts.ts';
import type { StorePorts } from './client/ports.ts';
import { openStoreClient, storeUrl } from './client/request.ts';
import { type Login, openSession } from './session.ts';

export interface AwsConfig {
  readonly region: string;
  /** ARN of the role that trusts the job. Without it the SDK takes what credentials the runner has. */
  readonly role?: string;
  /** Replaces the audience `sts.amazonaws.com`. */
  readonly audience?: string;
  /** Replaces the regional address of Secrets Manager, as for a VPC endpoint. */
  readonly endpoint?: string;
  readonly stsEndpoint?: string;
  /** PEM of own authorities. */
  readonly ca?: string;
}

/** The SDK does not try again, that is ours; and it takes no addresses from variables or files of the runner. */
const settings = {
  maxAttempts: 1,
  retryMode: 'standard',
  useFipsEndpoint: false,
  useDualstackEndpoint: false,
} as const;
/** Seconds; the shortest that STS gives. A longer run logs in again. */
const sessionSeconds = 900;

/** Secrets of one region in AWS Secrets Manager: AWS's SDK speaks, our HTTP client carries. Sessions end by themselves. */
export function openAws(config: AwsConfig, ports: StorePorts): SecretStore {
  const access = { ...ports, ...(config.ca === undefined ? {} : { ca: config.ca }) };
  const client = openStoreClient(access);
  const through = { access, client };
  const endpoint = storeUrl(ports.store, config.endpoint ?? awsEndpoint('secretsmanager', config.region));
  const common = { ...settings, region: config.region, endpoint: endpoint.href };
  const open = (credentials?: Credentials) =>
    new SecretsManagerClient({
      ...common,
      requestHandler: { ...sdkHandler({ ...through, endpoint }) },
      ...(credentials === undefined ? {} : { credentials }),
    });
  const login = (limits: StoreLimits): Promise<Credentials> =>
    config.role === undefined
      ? ambient(open(), ports)
      : assumeRole({ config, role: config.role, ports, through }, limits);
  const session = openSession(ports.clock, async (limits): Promise<Login<SecretsManagerClient>> => {
    const credentials = await login(limits);
    const { accessKeyId, secretAccessKey, sessionToken = '' } = credentials;
    for (const key of [accessKeyId, secretAccessKey, sessionToken])
      if (key !== '') ports.mask(new Secret(`session key of ${ports.store}`, key));
    return { credentials: open(credentials), ends: credentials.expiration ?? new Date(8.64e15) };
  });
  const aws = callsOf(config, ports, session.ask);
  return {
    read: (references, limits) => readSecrets(aws, references, limits),
    check: (references, limits) => checkSecrets(aws, references, limits),
    renew: async () => [],
    [Symbol.asyncDispose]: async () => client[Symbol.dispose](),
  };
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

type Ask = ReturnType<typeof openSession<SecretsManagerClient>>['ask'];
interface SendOptions {
  readonly abortSignal: AbortSignal;
  readonly requestTimeout: number;
}

/** The three calls that we make, each until the deadline, and once more with a new session where the old one is refused. */
function callsOf({ region }: AwsConfig, ports: StorePorts, ask: Ask): AwsSession {
  const call = <T>(
    limits: StoreLimits,
    send: (client: SecretsManagerClient, options: SendOptions) => Promise<T>,
  ): Promise<Called<T>> => {
    const sendWith = (client: SecretsManagerClient) =>
      untilDeadline(ports, limits, (ms) =>
        called(ports.store, () => send(client, { abortSignal: limits.signal, requestTimeout: ms })),
      );
    return ask(limits, sendWith, endsSession);
  };
  return {
    region,
    clock: ports.clock,
    value: (input, limits) => call(limits, (client, options) => client.send(new GetSecretValueCommand(input), options)),
    batch: (input, limits) =>
      call(limits, (client, options) => client.send(new BatchGetSecretValueCommand(input), options)),
    describe: (input, limits) =>
      call(limits, (client, options) => client.send(new DescribeSecretCommand(input), options)),
  };
}

interface Assumption {
  readonly config: AwsConfig;
  readonly role: string;
  readonly ports: StorePorts;
  readonly through: Pick<Parameters<typeof sdkHandler>[0], 'access' | 'client'>;
}

/** STS AssumeRoleWithWebIdentity. @throws Failure `TRUST_REFUSED`, `ID_TOKEN_UNAVAILABLE`, `STORE_UNAVAILABLE` */
async function assumeRole({ config, role, ports, through }: Assumption, limits: StoreLimits): Promise<Credentials> {
  const { region } = config;
  const endpoint = storeUrl(ports.store, config.stsEndpoint ?? awsEndpoint('sts', region));
  const token = await ports.idToken(config.audience ?? awsAudience(region));
  ports.mask(token);
  const assume = (ms: number) => {
    const defaults = { abortSignal: limits.signal, requestTimeout: ms };
    return fromWebToken({
      roleArn: role,
      roleSessionName: `slipway-${ports.run}`,
      webIdentityToken: token.reveal(),
      durationSeconds: sessionSeconds,
      clientConfig: {
        ...settings,
        region,
        endpoint: endpoint.href,
        requestHandler: { ...sdkHandler({ ...through, endpoint, defaults }) },
      },
    })();
  };
  return await trusted({ ports, limits, token, role }, assume);
}

/** What the runner has: variables, files, or the role of its machine, in the SDK's own order. */
async function ambient(client: SecretsManagerClient, { store }: StorePorts): Promise<Credentials> {
  try {
    return await client.config.credentials();
  } catch {
    throw noCredentials(store);
  }
}
