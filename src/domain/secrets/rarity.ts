/** Shorter text is never a mask. */
export const shortestMask = 4;

const common = new Set([
  ...['true', 'false', 'null', 'none', 'undefined', 'enabled', 'disabled', 'default', 'latest', 'stable', 'auto'],
  ...['localhost', '127.0.0.1', '0.0.0.0', 'production', 'staging', 'development', 'deploy', 'test', 'testing'],
  ...['main', 'master', 'admin', 'root', 'user', 'username', 'guest', 'public', 'private', 'postgres', 'mysql'],
  ...['redis', 'mongodb', 'password', 'passwd', 'secret', 'token', 'changeme', 'example', 'info', 'debug', 'warn'],
  ...['error', 'http', 'https', 'basic', 'bearer', 'string', 'number', 'name', 'value'],
]);

/** Is the line worth a mask: not punctuation, a header of PEM, a port or a word of every log? */
export function isRare(line: string): boolean {
  return (
    line.length >= shortestMask &&
    /[\p{L}\p{N}]/u.test(line) &&
    !/^\d{1,5}$/.test(line) &&
    !/^-{4,5} ?(BEGIN|END) [^-]*-{4,5}$/.test(line) &&
    !common.has(line.toLowerCase())
  );
}
