/** Escapes that mean the same in both languages; what is not a letter or digit stands for itself when it is escaped. */
const sameEscape = /^\\(?:[bBdDwWnrtfv]|x[\da-fA-F]{2}|[^\p{L}\p{N}])$/u;
const space = '\\t\\n\\f\\r ';
const pieces =
  /\\x\{[\da-fA-F]+\}|\\x[\da-fA-F]{2}|\\[\s\S]|\(\?P<|\(\?[A-Za-z-]*[):]|\(\?[\s\S]|\[\^?\]|\[\[:|\[:|\[|\]|[^\\([\]]+|[\s\S]/gu;

/**
 * A regular expression of Go's (RE2 syntax), which the rules of a SOPS file are written in, as one of ours.
 * `undefined` where it is none, or uses what has another meaning or none here: a rule that is misread would leave values unproved.
 */
export function goPattern(source: string): RegExp | undefined {
  const [start = '', flags = ''] = /^\(\?([ims]+)\)/.exec(source) ?? [];
  let inClass = false;
  const translated = (source.slice(start.length).match(pieces) ?? []).map((piece) => {
    if (inClass) {
      inClass = piece !== ']';
      return classPiece(piece);
    }
    inClass = piece === '[';
    return outsidePiece(piece);
  });
  if (translated.includes(undefined)) return undefined;
  try {
    return new RegExp(translated.join(''), [...new Set(flags)].join(''));
  } catch {
    return undefined;
  }
}

function outsidePiece(piece: string): string | undefined {
  if (piece === '\\A') return '(?<![\\s\\S])';
  if (piece === '\\z') return '(?![\\s\\S])';
  if (piece === '\\s') return `[${space}]`;
  if (piece === '\\S') return `[^${space}]`;
  if (piece === '(?P<') return '(?<';
  if (/^\(\?[ims]*:$/.test(piece)) return piece;
  if (piece.startsWith('(?') || piece.startsWith('[:') || (piece.length > 1 && piece.startsWith('['))) return undefined;
  return piece.startsWith('\\') && !sameEscape.test(piece) ? undefined : piece;
}

function classPiece(piece: string): string | undefined {
  if (piece === '\\s') return space;
  if (piece === '[') return '\\[';
  if (piece.startsWith('[')) return undefined;
  return piece.startsWith('\\') && (!sameEscape.test(piece) || /^\\[bB]$/.test(piece)) ? undefined : piece;
}
