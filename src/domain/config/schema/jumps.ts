import { isHost } from '../hosts.ts';

export interface Jump {
  /** Left out: the user of `ssh.user`. */
  readonly user: string | undefined;
  readonly host: string;
  readonly port: number;
}

/** `ops@bastion.example.com:22, [2001:db8::1]:2222` as OpenSSH writes jumps; `undefined` when one of them is none. */
export function parseJumps(text: string): readonly Jump[] | undefined {
  const jumps = text.split(',').map((part) => parseJump(part.trim()));
  return jumps.every((jump) => jump !== undefined) ? jumps : undefined;
}

function parseJump(text: string): Jump | undefined {
  const [, user, bracketed, plain, digits = '22'] =
    /^(?:([A-Za-z_][A-Za-z0-9_.-]*\$?)@)?(?:\[([0-9A-Fa-f:.]+)\]|([^:@[\]]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const [host, port] = [bracketed ?? plain ?? '', Number(digits)];
  return isHost(host) && port >= 1 && port <= 65_535 ? { user, host, port } : undefined;
}
