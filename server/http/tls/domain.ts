/** The domain that an authority is asked to vouch for: one name, and nothing else. */
import { isIP } from 'node:net'

const domainName = /^(?=.{1,253}$)(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)*[a-z](?:[a-z\d-]{0,61}[a-z\d])?$/i

/** What the text is instead; undefined when it is a domain. */
export function findDomainFault(text: string): string | undefined {
  if (text.includes('://')) return 'a URL'
  if (text.includes('*')) return 'a wildcard, which no authority vouches for by HTTP'
  if (isIP(text.replace(/^\[(.*)\]$/, '$1')) !== 0) return 'an address'
  if (/:\d+$/.test(text)) return 'a name with a port'
  return domainName.test(text) ? undefined : 'no domain name'
}
