/** Names of packages that tools of other makers look up: package URLs (ECMA-427). */

import type { ListedPackage } from '../listed-package.ts'
import type { NpmModule } from '../steps/licences.ts'

const encode = (text: string): string => encodeURIComponent(text).replaceAll('%3A', ':').replaceAll('+', '%2B')

export function debianUrl(entry: ListedPackage, base: { readonly name: string; readonly suite: string }): string {
  const { name, version, architecture } = entry
  const arch = architecture === '' ? '' : `arch=${architecture}&`
  return `pkg:deb/${base.name}/${encode(name)}@${encode(version)}?${arch}distro=${base.suite}`
}

export function npmUrl({ name, version }: Pick<NpmModule, 'name' | 'version'>): string {
  return `pkg:npm/${name.split('/').map(encode).join('/')}@${encode(version)}`
}

/** Hexadecimal, out of what npm's lock file has for a module that has an archive of its own. */
export function sha512Of({ integrity }: Pick<NpmModule, 'integrity'>): string | undefined {
  const [, base64] = /^sha512-(\S+)/.exec(integrity ?? '') ?? []
  return base64 && Buffer.from(base64, 'base64').toString('hex')
}
