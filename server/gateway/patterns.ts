/**
 * Paths with variable parts: `{name}` stands for one segment that is not empty, a last segment `*` for all that follows.
 * A tree of segments, in which the more exact part comes first at each of them. Pure.
 */

/** What a path that fits has in the places of its variable parts. */
export type Parts = readonly string[]

export interface Patterns<Value> {
  readonly isEmpty: boolean
  /** The value of the pattern, made when it is new. */
  at(pattern: Pattern): Value
  /** What `pick` makes of the first pattern that fits, in the order of exactness, of which it makes something. */
  find<Picked>(
    segments: readonly string[],
    pick: (value: Value, parts: () => Parts) => Picked | undefined,
  ): Picked | undefined
}

export interface Pattern {
  segments: readonly string[]
  /** Of the variable parts; `*` for all that follows. */
  names: readonly string[]
}

interface Node<Value> {
  literals: Map<string, Node<Value>>
  variable?: Node<Value>
  /** For a path that ends here, and for one that goes on. */
  end?: Value
  rest?: Value
}

const restName = '*'
const nameIn = (segment: string): string | undefined => /^\{([A-Za-z_]\w*)\}$/.exec(segment)?.[1]

export const splitPath = (path: string): string[] => path.split('/').slice(1)

/** Each is a level of recursion. */
const maxSegments = 1000

/** undefined when the path is an exact one, as is one of very many parts. */
export function parsePattern(uri: string): Pattern | undefined {
  if (!uri.startsWith('/')) return undefined
  const segments = splitPath(uri)
  const names = segments.flatMap(segment => nameIn(segment) ?? [])
  if (segments.at(-1) === restName) names.push(restName)
  return names.length > 0 && segments.length <= maxSegments ? { segments, names } : undefined
}

export function createPatterns<Value>(createValue: () => Value): Patterns<Value> {
  const createNode = (): Node<Value> => ({ literals: new Map() })
  const root = createNode()
  const childOf = (node: Node<Value>, segment: string): Node<Value> => {
    if (nameIn(segment) !== undefined) {
      node.variable ??= createNode()
      return node.variable
    }
    const child = node.literals.get(segment) ?? createNode()
    node.literals.set(segment, child)
    return child
  }
  return {
    get isEmpty() {
      return root.literals.size === 0 && root.variable === undefined && root.rest === undefined
    },
    at: ({ segments, names }) => {
      const goesOn = names.at(-1) === restName
      const node = (goesOn ? segments.slice(0, -1) : segments).reduce(childOf, root)
      const value = (goesOn ? node.rest : node.end) ?? createValue()
      if (goesOn) node.rest = value
      else node.end = value
      return value
    },
    find: (segments, pick) => {
      type Picked = ReturnType<typeof pick>
      const walk = (node: Node<Value>, index: number, parts: Parts): Picked => {
        const segment = segments[index]
        if (segment === undefined) return node.end && pick(node.end, () => parts)
        const literal = node.literals.get(segment)
        return (
          (literal && walk(literal, index + 1, parts)) ??
          (node.variable && segment !== '' ? walk(node.variable, index + 1, [...parts, segment]) : undefined) ??
          (node.rest && pick(node.rest, () => [...parts, segments.slice(index).join('/')]))
        )
      }
      return walk(root, 0, [])
    },
  }
}
