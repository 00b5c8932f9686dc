import * as http from 'node:http';

/** The process's own variables. Node reads them, so they are changed for a moment. */
type Variables = Record<string, string | undefined>;

const proxyNames = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY'] as const;

/**
 * Lets `fetch` use the proxies that the process's `variables` name, in a Node that can (24.14 and newer).
 * A variable that Node cannot read is reported to `warn` and ignored: a run may need no proxy at all.
 */
export function followProxy(variables: Variables, warn: (text: string) => void): void {
  const named = proxyNames.flatMap((name) => {
    const address = variables[name];
    return address ? [[name, withScheme(address)] as const] : [];
  });
  const usable = named.filter(([name, address]) => {
    const works = isProxy(variables, { [name]: address });
    if (!works) warn(`${name} holds no address of a proxy that can be used; the run goes on without it.`);
    return works;
  });
  if (usable.length > 0) setProxies(variables, Object.fromEntries(usable));
}

/** curl and git take `proxy.example.com:3128`, Node does not. */
function withScheme(address: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `http://${address}`;
}

/**
 * Asks Node itself, and takes the setting back at once. Its error must not be shown: it holds the address, and that may
 * hold a password.
 */
function isProxy(variables: Variables, proxy: Variables): boolean {
  try {
    setProxies(variables, proxy)?.();
    return true;
  } catch {
    return false;
  }
}

/** Node takes a proxy that it is not given from the process's own variables, so those are hidden from it meanwhile. */
function setProxies(variables: Variables, proxies: Variables): (() => void) | undefined {
  const own = { ...variables };
  for (const name of proxyNames) delete variables[name];
  try {
    return http.setGlobalProxyFromEnv?.({ ...variables, ...proxies });
  } finally {
    Object.assign(variables, own);
  }
}
