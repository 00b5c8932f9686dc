/** The domain of each partition, by the beginning of its regions' names. */
const partitions = [
  ['cn-', 'amazonaws.com.cn'],
  ['us-iso-', 'c2s.ic.gov'],
  ['us-isob-', 'sc2s.sgov.gov'],
  ['us-isof-', 'csp.hci.ic.gov'],
  ['eu-isoe-', 'cloud.adc-e.uk'],
  ['eusc-', 'amazonaws.eu'],
] as const;

/**
 * The regional address of a service. It is given to the SDK, which else takes addresses from variables and files of the runner:
 * whoever can set these would receive the job's identity token.
 */
export function awsEndpoint(service: 'secretsmanager' | 'sts', region: string): string {
  const domain = partitions.find(([begin]) => region.startsWith(begin))?.[1] ?? 'amazonaws.com';
  return `https://${service}.${region}.${domain}`;
}

/** The audience that the identity provider of an account is made with. */
export function awsAudience(region: string): string {
  return region.startsWith('cn-') ? 'sts.amazonaws.com.cn' : 'sts.amazonaws.com';
}
