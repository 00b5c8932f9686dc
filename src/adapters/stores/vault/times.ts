import { textOf } from './json.ts';

/** A time of RFC 3339 as Go writes it; the year 1 is none. */
export function timeOf(value: unknown): Date | undefined {
  const time = new Date(textOf(value) ?? Number.NaN);
  return Number.isNaN(time.getTime()) || time.getTime() <= 0 ? undefined : time;
}

export function secondsAfter(now: Date, seconds: unknown): Date | undefined {
  return typeof seconds === 'number' && Number.isFinite(seconds) ? new Date(now.getTime() + seconds * 1000) : undefined;
}

/** When something with so many seconds to live ends; zero are those of what has no end. */
export function endOf(now: Date, seconds: unknown): Date | undefined {
  return seconds === 0 ? undefined : secondsAfter(now, seconds);
}

/** `undefined` never ends. */
export function endsBefore(ends: Date | undefined, time: Date): boolean {
  return ends !== undefined && ends.getTime() < time.getTime();
}

/** Whole seconds, and one to spare. */
export function secondsUntil(now: Date, until: Date): number {
  return Math.ceil((until.getTime() - now.getTime()) / 1000) + 1;
}
