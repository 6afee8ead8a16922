/** Names of hosts and domains, by RFC 1123, in lower case. */
import { isIP } from 'node:net'
import { parseAddress, renderAddress, whyNoHost } from './addresses.ts'
import { type Outcome, quote } from './reading.ts'

const label = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/
const maxLength = 253

export function parseDomain(text: string): Outcome<string> {
  const name = text.trim().toLowerCase().replace(/\.$/, '')
  const labels = name.split('.')
  const refuse = (why: string) => ({ problem: `${quote(text)} is no name: ${why}` })
  if (name.length > maxLength) return refuse(`it has more than ${maxLength} characters`)
  if (!labels.every(each => label.test(each)))
    return refuse('its parts are letters a to z, digits and dashes, 63 at most, and no dash at an end')
  if (/^\d+$/.test(labels.at(-1) ?? '')) return refuse('its last part is a number')
  return { value: name }
}

/** What this machine may be called. */
export function parseOwnName(text: string): Outcome<string> {
  const name = parseDomain(text)
  if ('value' in name && /^localhost(?:$|\.)/.test(name.value))
    return { problem: `${quote(text)} is what every machine is called` }
  return name
}

/** An address that another machine has. */
export function parseHostAddress(text: string): Outcome<string> {
  const address = parseAddress(text)
  if ('problem' in address) return address
  const why = whyNoHost(address.value)
  return why === undefined ? { value: renderAddress(address.value) } : { problem: `${quote(text)} ${why}` }
}

export const parseNameOrAddress = (text: string): Outcome<string> =>
  isIP(text) === 0 ? parseDomain(text) : parseHostAddress(text)
