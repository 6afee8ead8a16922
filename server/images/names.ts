/** Names that this server gives to Docker images beside those of its images, so that no content in use is left without one. Pure. */
import { createHash } from 'node:crypto'

export interface ContentNames {
  /** Of what a build has made, by its hash. */
  built(hash: string): string
  /** Of what an image was on, when it would have no other. */
  kept(dockerImageId: string): string
  /** Says that this server has pulled the reference. */
  pulled(reference: string): string
  isOurs(name: string): boolean
}

/** As Docker shows it in lists. */
export function familiarName(reference: string): string {
  const name = reference.replace(/^(index\.)?docker\.io\//, '').replace(/^library\//, '')
  return /[:@][^/]*$/.test(name) ? name : `${name}:latest`
}

export function createContentNames(registry: string, instanceId: string): ContentNames {
  const prefixOf = (kind: 'build' | 'kept' | 'pulled'): string => `${registry}/${kind}-${instanceId.slice(0, 8)}:`
  const prefixes = [prefixOf('build'), prefixOf('kept'), prefixOf('pulled')]
  return {
    built: hash => prefixOf('build') + hash,
    kept: dockerImageId => prefixOf('kept') + dockerImageId.replace(/^sha256:/, ''),
    pulled: reference => prefixOf('pulled') + createHash('sha256').update(familiarName(reference)).digest('hex'),
    isOurs: name => prefixes.some(prefix => name.startsWith(prefix)),
  }
}
