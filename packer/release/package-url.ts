/** Names of packages that tools of other makers look up: package URLs (ECMA-427). */

import type { Base } from '../bases/base.ts'
import type { ListedPackage } from '../listed-package.ts'
import type { NpmModule } from '../steps/licences.ts'

const encode = (text: string): string => encodeURIComponent(text).replaceAll('%3A', ':').replaceAll('+', '%2B')

export type Distribution = Pick<Base, 'name' | 'suite'> & {
  readonly packageTool: Pick<Base['packageTool'], 'urlType'>
}

/** A package whose architecture is not known has none in its URL. */
export function packageUrl(entry: ListedPackage, { name: base, suite, packageTool }: Distribution): string {
  const { name, version, architecture } = entry
  const arch = architecture === '' ? '' : `arch=${architecture}&`
  return `pkg:${packageTool.urlType}/${base}/${encode(name)}@${encode(version)}?${arch}distro=${suite}`
}

export function npmUrl({ name, version }: Pick<NpmModule, 'name' | 'version'>): string {
  return `pkg:npm/${name.split('/').map(encode).join('/')}@${encode(version)}`
}

/** Hexadecimal, out of what npm's lock file has for a module that has an archive of its own. */
export function sha512Of({ integrity }: Pick<NpmModule, 'integrity'>): string | undefined {
  const [, base64] = /^sha512-(\S+)/.exec(integrity ?? '') ?? []
  return base64 && Buffer.from(base64, 'base64').toString('hex')
}
