/** What happened, the state of the servers, and what to do, for somebody who reads nothing else. */
export interface Verdict {
  readonly symbol: '✅' | '↩️' | '❌' | '🔎';
  readonly title: string;
  readonly sentences: readonly string[];
  /** What to do about it; `undefined` where there is nothing to do. */
  readonly remedy: string | undefined;
}

/** As Markdown: the heading, what happened, and what to do. */
export function opening(verdict: Verdict): string[] {
  const remedy = verdict.remedy === undefined ? [] : [`**What to do:** ${verdict.remedy}`, ''];
  return [`## ${verdict.symbol} ${verdict.title}`, '', verdict.sentences.join(' '), '', ...remedy];
}

/** The same as lines of the log. */
export function verdictLines(verdict: Verdict): string[] {
  return [`${verdict.symbol} ${verdict.title}`, ...verdict.sentences.map((text) => `   ${text}`)];
}
