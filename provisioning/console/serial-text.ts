/** The status as plain lines for a serial port: without keys, cursor or anything that changes with each second. */
import { toPrintable, toPrintableDeep } from './text.ts'
import type { Shown } from './view.ts'

const labelWidth = 14

const stripFigures = (text: string): string => text.replace(/\d+/g, '0')

/** Two of these are the same unless there is something new to say: figures in what went wrong change all the time. */
export const summarize = ({ code, status }: Shown): string =>
  renderSerial({
    ...(code !== undefined && { code }),
    status: {
      ...status,
      reasons: status.reasons.map(stripFigures),
      ...(status.lastError !== undefined && { lastError: stripFigures(status.lastError) }),
    },
  }).join('\n')

export function renderSerial(given: Shown): readonly string[] {
  const { code, status } = toPrintableDeep(given)
  const { product, version, hostName, state, setup, fingerprints, lastError = '' } = status
  const ill = status.health.filter(({ ok }) => !ok).map(({ name }) => name)
  return [
    `---- ${product} ${version} on ${hostName}: ${state.toUpperCase()}`,
    ...status.reasons.map(reason => row('', reason)),
    ...(setup
      ? [row('Setup code', setup.isOpen && code !== undefined ? code : 'over: a reboot opens set-up again')]
      : []),
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
