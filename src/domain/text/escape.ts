/** Longest line of outside text that is shown, in characters. */
const lineLimit = 4000;
const cellLimit = 1000;

/**
 * Escape sequences of terminals: CSI, then strings (OSC, DCS, SOS, PM, APC) with their end, then anything else that
 * begins with ESC.
 */
const sequences =
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)|\x1b[ -/]*[0-~]/g;
const lineBreaks = /\r\n|[\r\n\v\f\x85\u2028\u2029]/g;
/** Control characters but the tab, and what is invisible or turns the direction of the text around it. */
const unseen = /[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/**
 * Outside text as one line that is safe in the log: no escape sequences, no control characters but the tab, no workflow
 * command.
 * Longer text is cut after `limit` characters.
 */
export function plain(text: string, limit: number = lineLimit): string {
  return breakCommands(cut(visible(text), limit));
}

/**
 * Breaks what the runner would take for a command, in each line of `text`.
 * It reads `##[name]` anywhere in a line, and `::name::` at a line's begin after any white space.
 */
export function breakCommands(text: string): string {
  return text.replaceAll('##[', '## [').replace(/^([^\p{L}\p{N}\p{P}\p{S}\n]*):(?=:)/gmu, '$1: ');
}

/**
 * Outside text for a place in GitHub's Markdown, a table cell too: it shows as it is written and is no markup, link,
 * mention, emoji or reference.
 * Longer text is cut after `limit` characters.
 */
export function markdown(text: string, limit: number = cellLimit): string {
  const line = cut(visible(text), limit).replaceAll('\t', ' ').trim();
  return linkless(line)
    .replace(/[&<>"'`|*_[\]()#!~\\$]/g, entity)
    .replace(/^[-+=]/, entity)
    .replace(/^(\d+)\./, '$1&#46;');
}

function visible(text: string): string {
  return text.toWellFormed().replace(sequences, '').replace(lineBreaks, ' ').replace(unseen, '');
}

function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit).replace(/[\ud800-\udbff]$/, '')}…`;
}

/**
 * Mentions, emoji, references and bare addresses are found after entities are decoded: only a character in their middle
 * stops them.
 */
function linkless(text: string): string {
  return text
    .replace(/@(?=\S)/g, '@\u200b')
    .replace(/:(?=[\w+-]+:)/g, ':\u200b')
    .replace(/:(?=\/\/)/g, ':\u200b')
    .replace(/www(?=\.)/gi, '$&\u200b')
    .replace(/#(?=\d)/g, '#\u200b')
    .replace(/GH-(?=\d)/gi, '$&\u200b');
}

function entity(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}
