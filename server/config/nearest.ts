/** Finds what was probably meant by a misspelt name. */

/** The candidate that takes the fewest edits to get from `name`; a difference in the section before the last dot counts little. */
export function nearest(name: string, candidates: string[]): string | undefined {
  const lastPart = (path: string): string => path.slice(path.lastIndexOf('.') + 1)
  const distance = (candidate: string): number =>
    Math.min(editDistance(name, candidate), editDistance(lastPart(name), lastPart(candidate)) + 0.5)
  return candidates
    .map(candidate => ({ candidate, edits: distance(candidate) }))
    .sort((a, b) => a.edits - b.edits)
    .at(0)?.candidate
}

/** Levenshtein's distance, row by row. */
export function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const replaced = (above[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1)
      current.push(Math.min(replaced, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1))
    }
    above = current
  }
  return above[b.length] ?? 0
}
