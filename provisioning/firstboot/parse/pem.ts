/** PEM as people bring it: as it is, in base64, or with its line breaks lost on the way through a form of one line. */
import type { Outcome } from './reading.ts'

export interface PemBlock {
  /** `CERTIFICATE` */
  readonly label: string
  /** With the lines that PEM asks for. */
  readonly pem: string
  readonly isEncrypted: boolean
}

function renderBlock(label: string, body: string): PemBlock {
  const lines = body.replace(/\s+/g, '').match(/.{1,64}/g) ?? []
  return {
    label,
    pem: [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n'),
    isEncrypted: /ENCRYPTED/.test(`${label}${body}`),
  }
}

/** What stands around blocks is passed over, as OpenSSL does. */
function findBlocks(text: string): Outcome<readonly PemBlock[]> {
  const parts = text.split('-----').map(part => part.replace(/^\s*(BEGIN|END)\s+/, '$1 '))
  const blocks: PemBlock[] = []
  for (const [at, part] of parts.entries()) {
    const label = /^BEGIN ([A-Z\d ]+)$/.exec(part)?.[1]
    if (label === undefined) continue
    if (parts[at + 2] !== `END ${label}`) return { problem: `its part ${label} has no end` }
    blocks.push(renderBlock(label, parts[at + 1] ?? ''))
  }
  return blocks.length > 0 ? { value: blocks } : { problem: 'there is no complete PEM in it' }
}

/** Problems hold nothing of the text: it may be a key. */
export function parsePem(given: string): Outcome<readonly PemBlock[]> {
  const text = given.replaceAll('\\n', '\n')
  if (text.includes('-----BEGIN')) return findBlocks(text)
  const decoded = Buffer.from(given.replace(/\s+/g, ''), 'base64').toString()
  if (decoded.includes('-----BEGIN')) return findBlocks(decoded)
  return { problem: 'it is neither PEM nor base64 of PEM' }
}
