/** Owns `.dispatchignore`: which paths of a source directory stay out of its archive, in the manner of .gitignore. */

export interface IgnoreRule {
  readonly pattern: RegExp
  /** `!pattern` takes a path back in. */
  readonly negated: boolean
  readonly directoriesOnly: boolean
}

const special = /[.+^${}()|[\]\\]/

/** `*` and `?` stay within a name, `**` crosses directories. */
function translate(glob: string): string {
  let source = ''
  for (let index = 0; index < glob.length; index += 1) {
    const rest = glob.slice(index)
    if (rest.startsWith('**/')) {
      source += '(?:.*/)?'
      index += 2
    } else if (rest.startsWith('**')) {
      source += '.*'
      index += 1
    } else if (rest.startsWith('*')) source += '[^/]*'
    else if (rest.startsWith('?')) source += '[^/]'
    else source += rest.replace(special, '\\$&').slice(0, special.test(rest[0] ?? '') ? 2 : 1)
  }
  return source
}

function parseLine(line: string): IgnoreRule {
  const negated = line.startsWith('!')
  const glob = negated ? line.slice(1) : line.replace(/^\\(?=[#!])/, '')
  const directoriesOnly = glob.endsWith('/')
  const trimmed = glob.replace(/\/$/, '')
  const anchored = trimmed.includes('/')
  const source = translate(trimmed.replace(/^\//, ''))
  return { pattern: new RegExp(`^${anchored ? '' : '(?:.*/)?'}${source}$`, 's'), negated, directoriesOnly }
}

export const parseIgnoreRules = (text: string): IgnoreRule[] =>
  text
    .split(/\r?\n/)
    .map(line => line.trimEnd())
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(parseLine)

/** The last rule that matches decides. `path` is relative, with `/`; what lies below an ignored directory is never asked. */
export function isIgnored(rules: readonly IgnoreRule[], path: string, isDirectory: boolean): boolean {
  const last = rules.findLast(({ pattern, directoriesOnly }) => (isDirectory || !directoriesOnly) && pattern.test(path))
  return last !== undefined && !last.negated
}
