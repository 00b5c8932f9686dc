import type { Secret } from '../../domain/secrets/secret.ts';
import type { Clock } from '../../ports/clock.ts';

type AskForToken = (audience: string) => Promise<Secret>;

/** Milliseconds. GitHub's tokens live for 5 minutes. */
const longestUse = 4 * 60_000;

/** One identity token for each audience, asked for when it is needed, and anew before it ends. One that failed is asked for again. */
export function shareTokens(ask: AskForToken, clock: Clock): AskForToken {
  const held = new Map<string, { readonly token: Promise<Secret>; readonly until: number }>();
  return (audience) => {
    const now = clock.now().getTime();
    const known = held.get(audience);
    if (known !== undefined && now < known.until) return known.token;
    const token = ask(audience);
    held.set(audience, { token, until: now + longestUse });
    token.catch(() => held.delete(audience));
    return token;
  };
}
