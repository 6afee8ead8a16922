/**
 * Owns how Docker images are referred to: the grammar of github.com/distribution/reference, in the short form that people
 * write. Nothing else gets into the path of a request, where blanks, `..` or `//` would ask Docker for something else.
 */

export interface NamedReference {
  kind: 'name'
  /** May begin with a registry, such as `registry:5000/team/image`. */
  name: string
  tag?: string
  digest?: string
}

export type Reference = { kind: 'id'; id: string } | NamedReference

const maxNameLength = 255

const idPattern = /^sha256:[0-9a-f]{64}$/
const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*'
const label = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?'
const port = '(?::[0-9]+)?'
/** A first component with neither dot nor port is no registry, except this one. */
const registry = `(?:localhost${port}|${label}(?:\\.${label})+${port}|${label}:[0-9]+|\\[[0-9a-fA-F:]+\\]${port})`
const name = `(?:${registry}/)?${component}(?:/${component})*`
const tag = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}'
const digest = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}'
const namePattern = new RegExp(`^(?<name>${name})(?::(?<tag>${tag}))?(?:@(?<digest>${digest}))?$`)

/** Undefined when no image can have this reference. */
export function parseReference(text: string): Reference | undefined {
  if (idPattern.test(text)) return { kind: 'id', id: text }
  const { name, tag, digest } = namePattern.exec(text)?.groups ?? {}
  if (name === undefined || name.length > maxNameLength) return undefined
  return { kind: 'name', name, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) }
}

/** Throws when no image can have this reference. */
export function requireReference(text: string): Reference {
  const reference = parseReference(text)
  if (!reference) throw new Error(`invalid reference "${text}"`)
  return reference
}

/** Throws when it is none, or the id of an image's content, which no registry knows. */
export function requireName(text: string): NamedReference {
  const reference = requireReference(text)
  if (reference.kind === 'id') throw new Error(`invalid reference "${text}"`)
  return reference
}

/** Throws when it is none that can be given to an image. */
export function requireTag(text: string): NamedReference {
  const reference = requireName(text)
  if (reference.digest !== undefined) throw new Error(`invalid reference "${text}"`)
  return reference
}
