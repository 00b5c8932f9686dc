import { reference } from './references.ts';
import {
  audience,
  client,
  commandWord,
  endpoint,
  location,
  mount,
  project,
  provider,
  region,
  roleArn,
  serviceAccount,
  storeName,
  tenant,
  variable,
  vaultName,
} from './store-words.ts';
import { headerName, headerValue, line, workspacePath } from './value-types.ts';
import type { Read } from './vocabulary.ts';
import { choice, dictionary, duration, list, map, only, variants } from './vocabulary.ts';

const ca = workspacePath()
  .optional()
  .describe('A PEM file of the authorities that its certificate may come from, in place of the usual ones.');
const stsEndpoint = endpoint().optional().describe('In place of the usual address of the token service.');

const jwt = map({
  method: only('jwt').describe('By the identity token of the job.'),
  mount: mount().prefault('jwt').describe('Where the method is mounted.'),
  role: line().describe('The role that trusts this job.'),
});
const token = map({
  method: only('token').describe('By a token that is there already.'),
  token: reference().describe('Where the token is.'),
});
const approle = map({
  method: only('approle').describe('By AppRole.'),
  mount: mount().prefault('approle').describe('Where the method is mounted.'),
  role_id: line().describe('The id of the role.'),
  secret_id: reference().describe('Where the secret id is.'),
});
const cert = map({
  method: only('cert').describe('By a TLS certificate.'),
  mount: mount().prefault('cert').describe('Where the method is mounted.'),
  name: line().optional().describe('The name of the role; without it the first that fits.'),
  cert: workspacePath().describe('A PEM file of the certificate.'),
  key: reference().describe('Where its private key is.'),
});

const vault = map({
  type: only('vault').describe('HashiCorp Vault or OpenBao.'),
  url: endpoint().describe('Its address.'),
  namespace: line().optional().describe('The namespace of everything that is read.'),
  auth: variants('method', [jwt, token, approle, cert]).describe('How the job logs in.'),
  audience: audience().optional().describe('The audience of the identity token; without it, the origin of `url`.'),
  ca,
  cert: workspacePath().optional().describe('A PEM file of the certificate that is shown to it.'),
  key: reference().optional().describe('Where the private key of `cert` is.'),
  headers: dictionary(headerName(), headerValue()).prefault({}).describe('Sent with every request.'),
}).refine(({ cert, key }) => (cert === undefined) === (key === undefined), {
  path: ['cert'],
  error: '"cert" and "key" belong together',
});

const aws = map({
  type: only('aws').describe('AWS Secrets Manager.'),
  region: region().describe('The region of the secrets.'),
  role: roleArn()
    .optional()
    .describe('The role that trusts this job; without it, the credentials that the runner has.'),
  audience: audience().optional().describe('The audience of the identity token; without it, `sts.amazonaws.com`.'),
  endpoint: endpoint().optional().describe('In place of the usual address, as for a VPC endpoint.'),
  sts_endpoint: stsEndpoint,
  ca,
});

const azure = map({
  type: only('azure').describe('Azure Key Vault.'),
  vault: vaultName().describe('The name of the Key Vault.'),
  tenant: tenant().describe('The tenant of the application.'),
  client: client().describe('The application, or managed identity, with a federated credential for this job.'),
  cloud: choice(['public', 'usgov', 'china']).prefault('public').describe('Which cloud of Azure.'),
  audience: audience().optional().describe('The audience of the identity token; without it, that of the cloud.'),
  endpoint: endpoint().optional().describe('In place of the usual address of the Key Vault.'),
  authority: endpoint().optional().describe('In place of the usual address of the login.'),
  ca,
});

const gcp = map({
  type: only('gcp').describe('Google Secret Manager.'),
  project: project().describe('The project of the secrets.'),
  provider: provider().describe('The workload identity provider that trusts this job.'),
  service_account: serviceAccount()
    .optional()
    .describe('The service account to act as; without it, the job itself has the rights.'),
  location: location().optional().describe('Where regional secrets are.'),
  audience: audience().optional().describe('The audience of the identity token; without it, that of the provider.'),
  endpoint: endpoint().optional().describe('In place of the usual address.'),
  sts_endpoint: stsEndpoint,
  iam_endpoint: endpoint().optional().describe('In place of the usual address of the IAM credentials service.'),
  ca,
});

const sops = map({
  type: only('sops').describe('A file of SOPS in the repository, encrypted for age recipients.'),
  path: workspacePath().describe('The file: YAML, JSON or dotenv. `{stage}` stands for the stage.'),
  identity: reference().describe('Where the age identity is; several are separated by spaces.'),
});

const command = map({
  type: only('command').describe('Any other store: a command on the runner that prints a secret.'),
  run: list(commandWord())
    .min(1, { error: 'expected a program and its words' })
    .describe(
      'The program and its words. `{locator}` in a word stands for the locator of a reference. No shell reads them.',
    ),
  env: list(variable())
    .prefault([])
    .describe('Variables of the step that the command gets; it gets no others but PATH, HOME and the like.'),
  output: choice(['text', 'json'])
    .prefault('text')
    .describe('`text`: one line. `json`: an object, whose members are the fields of the secret, or any other value.'),
  timeout: duration('1s', '10m').prefault('30s').describe('How long the command may take for one secret.'),
}).superRefine(({ run: [program = '', ...words] }, context) => {
  const complain = (message: string): void => context.addIssue({ code: 'custom', path: ['run'], message });
  if (program.includes('{locator}')) complain('the program itself cannot be a locator');
  else if (!words.some((word) => word.includes('{locator}')))
    complain('expected {locator} in one of the words: it stands for the place of the secret');
});

export const stores = dictionary(storeName(), variants('type', [vault, aws, azure, gcp, sops, command]));
export type StoreForm = Read<typeof stores>[string];
