/** The status as plain lines for a serial port: without keys, cursor or anything that changes with each second. */
import { toPrintable, toPrintableDeep } from './text.ts'
import type { Shown } from './view.ts'

const labelWidth = 14

/** Two of these are the same unless there is something new to say. */
export function renderSerial(given: Shown): readonly string[] {
  const { code, status } = toPrintableDeep(given)
  const { product, version, hostName, state, setup, fingerprints, lastError = '' } = status
  const ill = status.health.filter(({ ok }) => !ok).map(({ name }) => name)
  const isOpen = setup?.isOpen === true && code !== undefined
  return [
    `---- ${product} ${version} on ${hostName}: ${state.toUpperCase()}`,
    ...status.reasons.map(reason => row('', reason)),
    ...(isOpen ? [row('Setup code', `${code}, until ${renderMinute(setup.openUntilMs)}`)] : []),
    ...status.urls.map(({ name, url }) => row(name, url)),
    ...status.addresses.map(({ link, address, asked }) => row('Address', `${address} on ${link}${describe(asked)}`)),
    ...(fingerprints.tls === undefined ? [] : [row('TLS SHA-256', fingerprints.tls)]),
    ...(fingerprints.ssh === undefined ? [] : [row('SSH ED25519', fingerprints.ssh)]),
    ...(ill.length === 0 ? [] : [row('Not ok', ill.join(', '))]),
    ...status.faults.map(({ key, problem }) => row('Not taken', `${key}: ${problem}`)),
    ...(lastError === '' ? [] : [row('Last error', lastError)]),
    '----',
  ]
}

const row = (label: string, text: string): string => `${label.padEnd(labelWidth)}${text}`

const describe = (asked?: { matches: boolean; text: string }): string => (asked ? ` (${toPrintable(asked.text)})` : '')

/** `2026-11-30 02:13 UTC` */
const renderMinute = (timeMs: number): string => `${new Date(timeMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`
