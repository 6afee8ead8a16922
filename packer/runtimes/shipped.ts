/** Which files of packages are in the images: by the rules that dpkg inside the images goes by, so that both agree. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { baseRootfs } from './contents.ts'

/** Paths have no leading slash. */
export type IsShipped = (path: string) => boolean

export const loadIsShipped = async (repository: string): Promise<IsShipped> =>
  parsePathRules(await readFile(join(repository, baseRootfs, 'etc/dpkg/dpkg.cfg.d/dispatch'), 'utf8'))

/** `path-exclude=` and `path-include=` of dpkg(1): the last pattern that fits decides. */
export function parsePathRules(configuration: string): IsShipped {
  const rules = [...configuration.matchAll(/^path-(exclude|include)=\/(.+)$/gm)].map(([, kind, pattern = '']) => ({
    shipped: kind === 'include',
    pattern: new RegExp(`^${escapeGlob(pattern)}$`, 's'),
  }))
  return path => rules.findLast(({ pattern }) => pattern.test(path))?.shipped ?? true
}

/** As fnmatch(3) without flags: an asterisk also stands for slashes. */
const escapeGlob = (pattern: string): string => pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')
