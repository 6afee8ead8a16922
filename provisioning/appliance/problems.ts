/** What went wrong, in the journal, and the last of it for the console. */

export interface Problems {
  report(problem: string): void
  last(): string | undefined
}

/** The same problem again and again is one line. */
export function createProblems(write: (line: string) => void): Problems {
  let last: string | undefined
  return {
    report(problem) {
      if (problem === last) return
      last = problem
      write(problem)
    },
    last: () => last,
  }
}
