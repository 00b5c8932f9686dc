import { render } from '../../remote/shell.ts';
import type { GcpFacts } from '../store-facts.ts';
import { poolOf } from '../store-facts.ts';
import type { TrustClaims } from './claims.ts';
import { boundTo } from './claims.ts';

/** Google takes no longer subject, in bytes. */
const longestSubject = 127;

/** The provider's mapping and condition, and for a service account who may be it. Neither looks at `sub`, of which there are two forms. */
export function gcpTrust(store: GcpFacts, claims: TrustClaims): readonly string[] {
  const pool = poolOf(store);
  const name = store.provider.slice(pool.length + '/providers/'.length);
  const { claim, value } = boundTo(claims);
  const long = new TextEncoder().encode(claims.subject).length > longestSubject;
  const subject = long ? `assertion.repository_id + ":" + assertion.${claim}` : 'assertion.sub';
  const mapping = [
    `google.subject=${subject}`,
    'attribute.repository_id=assertion.repository_id',
    `attribute.${claim}=assertion.${claim}`,
  ];
  const condition = `assertion.repository_id == ${literal(claims.repositoryId)} && assertion.${claim} == ${literal(value)}`;
  return [
    render([
      ...['gcloud', 'iam', 'workload-identity-pools', 'providers', 'update-oidc', name],
      ...[`--project=${pool.split('/')[1]}`, '--location=global', `--workload-identity-pool=${pool.split('/').at(-1)}`],
      ...[`--issuer-uri=${claims.issuer}`, `--allowed-audiences=${claims.audience}`],
      ...[`--attribute-mapping=${mapping.join(',')}`, `--attribute-condition=${condition}`],
    ]),
    ...(long
      ? [`# The subject has more than ${longestSubject} bytes, which Google refuses: another one is mapped.`]
      : []),
    ...(store.serviceAccount === undefined ? [] : [impersonation(store.serviceAccount, pool, claims)]),
  ];
}

function impersonation(account: string, pool: string, claims: TrustClaims): string {
  const member = `principalSet://iam.googleapis.com/${pool}/attribute.repository_id/${claims.repositoryId}`;
  const words = ['gcloud', 'iam', 'service-accounts', 'add-iam-policy-binding', account];
  return render([...words, '--role=roles/iam.workloadIdentityUser', `--member=${member}`]);
}

/** A text of CEL. */
function literal(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
