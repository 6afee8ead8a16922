/** The administrator's own certificate with its chain and key, judged as the server will when it shows them. */
import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto'
import { findFault } from '../../../server/http/tls/identity.ts'
import { certificateKeys as keys } from '../secret-values.ts'
import type { Settings } from '../settings.ts'
import { parseCertificate, whyNotNow } from './authorities.ts'
import { parsePem } from './pem.ts'
import type { Outcome, ValueReader } from './reading.ts'

/** Chains in use have three or four. */
const maxChain = 10

export function parseKey(text: string): Outcome<KeyObject> {
  const blocks = parsePem(text)
  if ('problem' in blocks) return blocks
  const found = blocks.value.filter(({ label }) => label.endsWith('PRIVATE KEY'))
  const [block] = found
  if (block === undefined) return { problem: 'there is no private key in it' }
  if (found.length > 1) return { problem: 'there is more than one private key in it' }
  if (block.isEncrypted) return { problem: 'it is encrypted: nobody could type its passphrase at each start' }
  try {
    return { value: createPrivateKey(block.pem) }
  } catch {
    return { problem: 'it cannot be read as a private key' }
  }
}

function parseChain(text: string): Outcome<readonly X509Certificate[]> {
  const blocks = parsePem(text)
  if ('problem' in blocks) return blocks
  if (blocks.value.length > maxChain) return { problem: `there are more than ${maxChain} certificates in it` }
  const read = blocks.value.map(parseCertificate)
  const bad = read.find(outcome => 'problem' in outcome)
  return bad ?? { value: read.flatMap(outcome => ('value' in outcome ? [outcome.value] : [])) }
}

/** A certificate, then who issued it, then who issued that, as far as they are there. */
function followIssuers(first: X509Certificate, others: readonly X509Certificate[]): readonly X509Certificate[] {
  const issuer = others.find(each => first.checkIssued(each) && first.verify(each.publicKey))
  const rest = others.filter(each => each !== issuer)
  return issuer === undefined ? [first] : [first, ...followIssuers(issuer, rest)]
}

/** The one of the key first, whatever their order was. */
function sortChain(chain: readonly X509Certificate[], key: KeyObject): Outcome<readonly X509Certificate[]> {
  // OpenSSL only compares keys of one kind with each other.
  const isOfKey = (each: X509Certificate): boolean =>
    each.publicKey.asymmetricKeyType === key.asymmetricKeyType && each.checkPrivateKey(key)
  const own = chain.find(isOfKey)
  if (own === undefined) return { problem: 'it is not that of the certificate' }
  return {
    value: followIssuers(
      own,
      chain.filter(each => each !== own),
    ),
  }
}

function judge(chain: readonly X509Certificate[], key: KeyObject, nowMs: number): string | undefined {
  const late = chain.map(each => whyNotNow(each, nowMs)).find(problem => problem !== undefined)
  return late ?? findFault({ cert: chain.join(''), key: renderKey(key) })
}

const renderKey = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()

/** Undefined where there is none that can be used: the pair is taken whole or not at all. */
export function readCertificate(reader: ValueReader, nowMs: number): Settings['certificate'] {
  const missing = [keys.certificate, keys.key].filter(each => reader.text(each) === undefined)
  if (missing.length === 2) return undefined
  for (const each of missing) reader.refuse(each, 'it is missing, and is of use only as a pair with the other')
  const chain = reader.one(keys.certificate, parseChain)
  const key = reader.one(keys.key, parseKey)
  if (chain === undefined || key === undefined) return undefined
  const sorted = sortChain(chain, key)
  if ('problem' in sorted) {
    reader.refuse(keys.key, sorted.problem)
    return undefined
  }
  const extra = chain.length - sorted.value.length
  const problem =
    extra > 0 ? `${extra} of its certificates have issued none of the others` : judge(sorted.value, key, nowMs)
  if (problem !== undefined) {
    reader.refuse(keys.certificate, problem)
    return undefined
  }
  return { chainPem: sorted.value.join(''), keyPem: renderKey(key) }
}
