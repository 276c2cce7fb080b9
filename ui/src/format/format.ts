const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const SHORT = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

/** 2,000 */
export function count(value: number | undefined): string {
  return value === undefined ? '–' : WHOLE.format(value);
}

/** 12.5K, for narrow places; small numbers stay exact. */
export function shortCount(value: number): string {
  return value < 10_000 ? WHOLE.format(value) : SHORT.format(value);
}

/** `1 event`, `2 events` */
export function counted(value: number, singular: string, plural = `${singular}s`): string {
  return `${WHOLE.format(value)} ${value === 1 ? singular : plural}`;
}

/** Never 100 % before the end: a bar that is full and waits tells a lie. */
export function percent(value: number): string {
  const bounded = Math.min(100, Math.max(0, value));
  return bounded > 0 && bounded < 100
    ? `${(Math.floor(bounded * 10) / 10).toFixed(1)} %`
    : `${bounded} %`;
}

/** A length of time in its two largest units: 45 s, 1 min 20 s, 2 h 5 min, 3 d 4 h. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3_600) return units(whole, 60, 'min', 1, 's');
  if (whole < 86_400) return units(whole, 3_600, 'h', 60, 'min');
  return units(whole, 86_400, 'd', 3_600, 'h');
}

function units(total: number, large: number, largeName: string, small: number, smallName: string) {
  const rest = Math.floor((total % large) / small);
  const first = `${Math.floor(total / large)} ${largeName}`;
  return rest === 0 ? first : `${first} ${rest} ${smallName}`;
}

/** How far behind the log: `caught up`, or events and time, such as `1.9M events, 4 s`. */
export function lag(events: number, seconds: number): string {
  if (events <= 0) return 'caught up';
  const behind = `${shortCount(events)} ${events === 1 ? 'event' : 'events'}`;
  return seconds >= 1 ? `${behind}, ${duration(seconds)}` : behind;
}

/** Local date and time to the second, sortable: 2026-11-24 19:05:12 */
export function moment(iso: string | undefined): string {
  if (!iso) return '–';
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const two = (part: number) => String(part).padStart(2, '0');
  return (
    `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}` +
    ` ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
  );
}

/** One JSON value in one line; text as it is. */
export function inline(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
