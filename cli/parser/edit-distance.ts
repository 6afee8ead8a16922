/** Owns how near two words are, for hints at what a mistyped one may have meant. */

/** Levenshtein distance, case ignored. */
export function editDistance(left: string, right: string): number {
  const target = right.toLowerCase()
  let row = Array.from({ length: target.length + 1 }, (_, index) => index)
  for (const letter of left.toLowerCase()) {
    let diagonal = row[0] ?? 0
    const next = [diagonal + 1]
    for (const [index, other] of [...target].entries()) {
      const above = row[index + 1] ?? 0
      next.push(letter === other ? diagonal : 1 + Math.min(diagonal, above, next[index] ?? 0))
      diagonal = above
    }
    row = next
  }
  return row.at(-1) ?? 0
}

/** The one that a mistyped word is nearest to, within two edits that leave more than half of it. */
export function nearestOf(word: string, candidates: readonly string[]): string | undefined {
  const [near] = candidates
    .map(candidate => ({ candidate, distance: editDistance(word, candidate) }))
    .filter(({ candidate, distance }) => distance <= 2 && distance < candidate.length / 2)
    .sort((left, right) => left.distance - right.distance)
  return near?.candidate
}
