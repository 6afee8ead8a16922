/** Owns how times look, in tables and in events. */

const pad = (value: number, width = 2, fill = '0') => String(value).padStart(width, fill)
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

export type Zone = string | undefined

/** Asking ICU costs as much as starting Node, so UTC, which most servers run in, is told without it. */
const isUtc = (date: Date, zone: Zone): boolean =>
  zone === 'UTC' || (zone === undefined && date.toString().endsWith('(Coordinated Universal Time)'))

/** Minutes east of Greenwich at that instant. */
function offsetMinutes(date: Date, zone: Zone): number {
  if (zone === undefined) return -date.getTimezoneOffset()
  if (isUtc(date, zone)) return 0
  const text = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
    .formatToParts(date)
    .find(part => part.type === 'timeZoneName')?.value
  const [, sign = '+', hours = '0', minutes = '0'] = /GMT([+-])(\d+):(\d+)/.exec(text ?? '') ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}

function renderOffset(minutes: number, separator: string): string {
  const absolute = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(absolute / 60))}${separator}${pad(absolute % 60)}`
}

/** `CET`, `EST`; zones without such a name show their offset. */
function abbreviation(date: Date, zone: Zone): string {
  if (isUtc(date, zone)) return 'UTC'
  for (const locale of ['en-US', 'en-GB']) {
    const format = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: 'short' })
    const name = format.formatToParts(date).find(part => part.type === 'timeZoneName')?.value ?? ''
    if (/^[A-Z]{3,5}$/.test(name)) return name
  }
  return renderOffset(offsetMinutes(date, zone), '')
}

/** `Tue Nov 24 02:57:50 UTC 2026`, the day padded with a blank; no time shows as the epoch. */
export function renderDate(unixSeconds: bigint, zone: Zone): string {
  const instant = new Date(Number(unixSeconds) * 1000)
  const local = new Date(instant.getTime() + offsetMinutes(instant, zone) * 60_000)
  const day = `${weekdays[local.getUTCDay()]} ${months[local.getUTCMonth()]} ${pad(local.getUTCDate(), 2, ' ')}`
  const time = [local.getUTCHours(), local.getUTCMinutes(), local.getUTCSeconds()].map(value => pad(value)).join(':')
  return `${day} ${time} ${abbreviation(instant, zone)} ${local.getUTCFullYear()}`
}

/** RFC 3339 around the digits of a fraction. */
function renderRfc3339(instant: Date, fraction: string, zone: Zone): string {
  const offset = offsetMinutes(instant, zone)
  const local = new Date(instant.getTime() + offset * 60_000).toISOString().slice(0, 19)
  return `${local}${fraction && `.${fraction}`}${offset === 0 ? 'Z' : renderOffset(offset, ':')}`
}

/** RFC 3339 to the nanosecond, trailing zeros cut. Empty for a time that is missing, 0 or negative: not finished. */
export function renderNanoseconds(unixNanoseconds: bigint, zone: Zone): string {
  if (unixNanoseconds <= 0n) return ''
  const instant = new Date(Number(unixNanoseconds / 1_000_000n))
  const fraction = String(unixNanoseconds % 1_000_000_000n).padStart(9, '0')
  return renderRfc3339(instant, fraction.replace(/0+$/, ''), zone)
}

/** RFC 3339 with all three digits, as events have it. */
export const renderMilliseconds = (instant: Date, zone: Zone): string =>
  renderRfc3339(instant, pad(instant.getUTCMilliseconds(), 3), zone)
