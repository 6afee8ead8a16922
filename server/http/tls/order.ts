/** Orders a certificate of an ACME authority (RFC 8555). Its library is loaded when first needed: most servers never do. */
import type { Client } from 'acme-client'
import type { Challenges } from './challenges.ts'

export interface Order {
  /** '': that of Let's Encrypt. */
  directoryUrl: string
  domain: string
  /** PEM. A new one opens an account, by which the authority's terms are accepted. */
  accountKey: string
  challenges: Pick<Challenges, 'add' | 'remove'>
}

/** Authorities answer within seconds, or say that they are at it; a connection that says nothing must not be waited for. */
const timeoutMs = 10 * 60_000

/**
 * To an account that exists already the library sends an empty change, which some authorities refuse. By then it knows the
 * account, and nothing else was wanted.
 */
async function openAccount(client: Client): Promise<void> {
  try {
    await client.createAccount({ termsOfServiceAgreed: true })
  } catch (thrown) {
    if (!knowsAccount(client)) throw thrown
  }
}

function knowsAccount(client: Client): boolean {
  try {
    return client.getAccountUrl() !== ''
  } catch {
    return false
  }
}

/** Resolves with a new key, its certificate and those of its issuers, as one PEM text. */
export async function orderCertificate({ directoryUrl, domain, accountKey, challenges }: Order): Promise<string> {
  const acme = await import('acme-client')
  const { crypto, directory } = acme
  const client = new acme.Client({ directoryUrl: directoryUrl || directory.letsencrypt.production, accountKey })
  const ownKey = await crypto.createPrivateEcdsaKey('P-256')
  const [key, csr] = await crypto.createCsr({ commonName: domain, altNames: [domain] }, ownKey)
  const obtain = () =>
    client.auto({
      csr,
      challengePriority: ['http-01'],
      // From here the domain may lead elsewhere than from outside.
      skipChallengeVerification: true,
      challengeCreateFn: async (_authorization, { token }, answer) => challenges.add(token, answer),
      challengeRemoveFn: async (_authorization, { token }) => challenges.remove(token),
    })
  const timeout = Promise.withResolvers<never>()
  const timer = setTimeout(() => timeout.reject(new Error('the authority did not answer in time')), timeoutMs).unref()
  try {
    return `${key}${await Promise.race([openAccount(client).then(obtain), timeout.promise])}`
  } finally {
    clearTimeout(timer)
  }
}
