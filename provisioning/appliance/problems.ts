/** What is wrong with the appliance until it is mended: each in the journal once, and all of it in the status. */

/** What is wrong with one thing by now, called by what it is about; nothing: what was is mended. */
export type Tell = (about: string, wrong: readonly string[]) => void

export interface Problems {
  readonly tell: Tell
  /** The newest last. */
  all(): readonly string[]
}

export function createProblems(write: (line: string) => void): Problems {
  const open = new Map<string, readonly string[]>()
  return {
    tell(about, wrong) {
      const known = open.get(about) ?? []
      const news = wrong.filter(problem => !known.includes(problem))
      for (const problem of news) write(problem)
      // What is told again and again is no newer than what has come since.
      if (news.length > 0) open.delete(about)
      if (wrong.length > 0) open.set(about, wrong)
      else open.delete(about)
    },
    all: () => [...open.values()].flat(),
  }
}
