/** The name in a client's certificate as a credential: whoever made the certificate vouches for it. */
import type { Principal } from '../../core/access.ts'
import type { Proven } from './proof.ts'

export interface CertificateOptions {
  findAccount(org: string, name: string): Promise<object | undefined>
  nowMs(): number
}

/** undefined: it proves nobody. */
export type ProveCertificate = (commonName: string) => Promise<Proven | undefined>

const lastsMs = 60_000

/** `ORGANIZATION/NAME` is a service account, which has to be there; any other name is a user, as an issuer's users are. */
export function createCertificateProof({ findAccount, nowMs }: CertificateOptions): ProveCertificate {
  const findPrincipal = async (commonName: string): Promise<Principal | undefined> => {
    const slash = commonName.indexOf('/')
    if (slash < 0) return { kind: 'user', subject: commonName }
    const [org, subject] = [commonName.slice(0, slash), commonName.slice(slash + 1)]
    return (await findAccount(org, subject)) && { kind: 'account', subject, org }
  }
  return async commonName => {
    const principal = await findPrincipal(commonName)
    return principal && { principal, untilMs: nowMs() + lastsMs }
  }
}
