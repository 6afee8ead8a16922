/** Whether the server orders a certificate by ACME, which its configuration says: who sets that looks for it nowhere else. */
import { parse } from 'yaml'
import { readIfThere } from '../../server/disk/files.ts'

const domainKey = 'lets-encrypt-domain'

/** Undefined where it cannot be read: the server does not start by it, and says so, and the firewall waits for nothing. */
async function loadSettings(file: string): Promise<unknown> {
  try {
    return parse((await readIfThere(file)) ?? '')
  } catch {
    return undefined
  }
}

/** The authority then asks on port 80 whose the domain is. */
export async function ordersCertificate(configFile: string): Promise<boolean> {
  const settings = await loadSettings(configFile)
  if (typeof settings !== 'object' || settings === null) return false
  const domain: unknown = Reflect.get(settings, domainKey)
  return typeof domain === 'string' && domain.trim() !== ''
}
