/** Proxies for HTTP and HTTPS, and what is reached without them. */
import { isIP } from 'node:net'
import { type Outcome, quote } from './reading.ts'

/** May hold a password, so that nothing of it is told. */
export function parseProxy(given: string): Outcome<string> {
  const text = given.trim()
  // URL itself would drop line breaks and tabs without a word.
  if (/[\s\p{C}]/u.test(text)) return { problem: 'there are blanks or control characters in it' }
  const url = URL.parse(text)
  if (url === null || !['http:', 'https:'].includes(url.protocol) || !/^https?:\/\//i.test(text))
    return { problem: 'it is no URL that begins with http:// or https://, as in http://proxy.example.com:3128' }
  if (url.pathname !== '/' || /[?#]/.test(text)) return { problem: 'there is something behind host and port' }
  return { value: url.href.replace(/\/$/, '') }
}

const host = /^(?:\*|(?:\*?\.)?[a-z\d_](?:[a-z\d_.-]{0,251}[a-z\d_])?)(?::\d{1,5})?$/i

function isAddress(text: string): boolean {
  const [address = '', prefix, ...more] = text.replace(/^\[(.*)\]$/, '$1').split('/')
  const bits = isIP(address) === 4 ? 32 : 128
  if (isIP(address) === 0 || address.includes('%') || more.length > 0) return false
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits)
}

/** As Go's programs read `NO_PROXY`: names, domains with a dot in front, addresses, networks. */
export const parseException = (text: string): Outcome<string> =>
  isAddress(text) || host.test(text)
    ? { value: text.toLowerCase() }
    : { problem: `${quote(text)} is no host, domain, address or network` }
