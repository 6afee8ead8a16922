/** The lower half of the status page: what the machine is, and how it does. */
import type { AddressStatus, Health } from '../appliance/status.ts'
import type { Fault } from '../firstboot/settings.ts'
import type { Section } from './fold.ts'
import { isOffered } from './menu.ts'
import { createList, createSection, labelled, priorities, type Room } from './sections.ts'
import { bold, breakAddress, chunk, clip, padTo, wrap } from './text.ts'
import type { Shown } from './view.ts'

const maxLinkLength = 15

export function renderAddresses(shown: Shown, { width }: Room): Section | undefined {
  const { addresses, state } = shown.status
  const longest = (texts: readonly string[]) => Math.max(0, ...texts.map(text => text.length))
  const linkWidth = Math.min(longest(addresses.map(({ link }) => link)), maxLinkLength) + 2
  const addressWidth = longest(addresses.map(({ address }) => address)) + 2
  const items = addresses.map(status => renderAddress(status, { linkWidth, addressWidth, width }))
  if (items.length > 0) return createList('Addresses', items, priorities.addresses)
  const none = isOffered('network', shown) ? 'none: the network gives none; F2 sets one by hand' : 'none'
  return createSection('Addresses', wrap(state === 'booting' ? 'none yet' : none, width))
}

type Columns = { readonly linkWidth: number; readonly addressWidth: number; readonly width: number }

/** In columns; where they are too narrow, what is said of an address goes below it. */
function renderAddress({ link, address, asked }: AddressStatus, { linkWidth, addressWidth, width }: Columns): string[] {
  const note = describeAsked(asked)
  const emphasize = (text: string) => (asked?.matches === false ? bold(text) : text)
  const pair = padTo(clip(link, linkWidth - 2), linkWidth) + address
  if (linkWidth + addressWidth + note.length <= width) return [padTo(pair, linkWidth + addressWidth) + emphasize(note)]
  const lines = pair.length <= width ? [pair] : [clip(link, width), ...breakAddress(address, width)]
  return [...lines, ...wrap(note, width - linkWidth).map(line => ' '.repeat(linkWidth) + emphasize(line))]
}

function describeAsked(asked: AddressStatus['asked']): string {
  if (!asked) return 'automatic'
  if (asked.matches) return 'matches the properties'
  return asked.text.startsWith('differs') ? asked.text : `differs: ${asked.text}`
}

/** Pairs of digits a line: with its colons a certificate's fingerprint takes 95 columns. */
const pairsPerLine = [32, 16, 8]

export function renderFingerprints({ status: { fingerprints } }: Shown, { width }: Room): Section | undefined {
  const { tls, ssh } = fingerprints
  const pairs = tls?.split(':') ?? []
  const perLine = pairsPerLine.find(count => count * 3 <= width) ?? 8
  const tlsLines = pairs
    .map((_, index) => pairs.slice(index, index + perLine).join(':'))
    .filter((_, index) => index % perLine === 0)
    .flatMap(line => chunk(line, width))
  const sshLines = ssh === undefined ? [] : chunk(ssh, width)
  const lines = [...labelled('TLS SHA-256', tlsLines), ...labelled('SSH ED25519', sshLines)]
  return lines.length === 0 ? undefined : { forms: [lines, []], priority: priorities.fingerprints }
}

/** Where there is no room, those that are well share one line. */
export function renderHealth({ status: { health } }: Shown, { width }: Room): Section | undefined {
  if (health.length === 0) return undefined
  const renderRow = ({ name, ok, text }: Health) => {
    const row = clip(`${name.padEnd(8)}${(ok ? 'ok' : 'NOT OK').padEnd(9)}${text}`, width)
    return ok ? row : bold(row)
  }
  const well = health.filter(({ ok }) => ok).map(({ name }) => name)
  const brief = health.filter(({ ok }) => !ok).map(renderRow)
  if (well.length > 0) brief.push(clip(`ok: ${well.join(', ')}`, width))
  return { forms: [health.map(renderRow), brief].map(rows => labelled('Health', rows)), priority: priorities.healthy }
}

/** Two lines each at the most: the journal and `dispatch appliance status` have all of it. */
export function renderFaults({ status: { faults } }: Shown, { width }: Room): Section | undefined {
  return createList(
    'Not taken',
    faults.map(fault => renderFault(fault, width)),
    priorities.faults,
  )
}

function renderFault({ key, problem, instead }: Fault, width: number): string[] {
  const [first = '', ...rest] = wrap(`${key}: ${problem}${instead === '' ? '' : `; ${instead}`}`, width)
  return rest.length === 0 ? [first] : [first, clip(rest.join(' '), width)]
}

export function renderError({ status: { lastError = '' } }: Shown, { width }: Room): Section | undefined {
  return lastError === '' ? undefined : createSection('Last error', [clip(lastError, width)])
}
