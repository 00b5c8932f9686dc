const forms = [
  /^(\d{4})-(\d{1,2})-(\d{1,2})[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d+))?(Z|[+-]\d{2}:\d{2})$/,
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?: (\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d+))?)?$/,
];

/** A date as the YAML library of sops takes it, in RFC 3339 with the nanoseconds that are not zero; `undefined` where it is none. */
export function rfc3339(text: string): string | undefined {
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] =
    forms.map((form) => form.exec(text)).find((match) => match !== null) ?? [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const [date, time] = [`${year}-${two(month)}-${two(day)}`, `${two(hour)}:${two(minute)}:${two(second)}`];
  if (!exists(date, time) || !isZone(zone)) return undefined;
  const nanoseconds = fraction.slice(0, 9).replace(/0+$/, '');
  return `${date}T${time}${nanoseconds === '' ? '' : `.${nanoseconds}`}${/^[+-]00:00$/.test(zone) ? 'Z' : zone}`;
}

function two(digits: string): string {
  return digits.padStart(2, '0');
}

/** No 30 February, no hour 24. */
function exists(date: string, time: string): boolean {
  const instant = new Date(`${date}T${time}Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(`${date}T${time}`);
}

function isZone(zone: string): boolean {
  const [, hours = '0', minutes = '0'] = /^[+-](\d{2}):(\d{2})$/.exec(zone) ?? [];
  return Number(hours) < 24 && Number(minutes) < 60;
}
